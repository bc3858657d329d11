#include "reports/compare/pruned.hpp"

#include <gtest/gtest.h>

#include "reports/json.hpp"
#include "tests/reports/example_run.hpp"

namespace gpubench {
namespace {

std::string file(const std::string& row) { return R"({"context":{},"benchmarks":[{)" + row + "}]}"; }

TEST(Pruned, DropsMembersOfRowsWithTheirComma) {
  const auto expect = [](const std::string& row, const std::string& left) {
    EXPECT_EQ(pruned(file(row), 3), file(left)) << row;
  };
  expect(R"("a":1,"samples_seconds":[1,[2],{"x":"]"}],"b":2)", R"("a":1,"b":2)");
  expect(R"("samples_seconds":[],"b":2)", R"("b":2)");
  expect(R"("a":1 , "samples_seconds" : [ 1 ] )", R"("a":1 )");
  expect(R"("real_time":1.5,"cpu_time":2)", "");
  expect(R"("error_message":"a \"quoted\\","b":2)", R"("b":2)");
  expect(R"("gpubench":{"epoch":null,"plan":{"epoch":"x"}})", R"("gpubench":{"plan":{"epoch":"x"}})");
  expect(R"("a":"samples_seconds","b":"epoch:")", R"("a":"samples_seconds","b":"epoch:")");
}

TEST(Pruned, AJournalsRowHasNothingAround) { EXPECT_EQ(pruned(R"({"a":1,"epoch":{"items":3}})", 1), R"({"a":1})"); }

TEST(Pruned, WhatIsLeftOfARunFileIsItsJsonWithoutThose) {
  const Json whole = to_json(example::two_modes());
  for (const int indent : {-1, 0, 2}) {
    const Json left = Json::parse(pruned(whole.dump(indent), 3));
    EXPECT_EQ(left["context"], whole["context"]);
    ASSERT_EQ(left["benchmarks"].size(), whole["benchmarks"].size());
    for (std::size_t i = 0; i < whole["benchmarks"].size(); ++i) {
      Json row = whole["benchmarks"][i];
      for (Json* members : {&row["gpubench"], &row}) {
        const Json all = *members;
        for (const auto& [key, value] : all.items())
          if (is_without_use(key)) members->erase(key);
      }
      EXPECT_EQ(left["benchmarks"][i], row);
    }
  }
}

TEST(Pruned, WhatIsNoJsonStaysNone) {
  for (const char* text : {"{",
                           "{\"benchmarks\":[{\"epoch\":",
                           "{\"benchmarks\":[{\"epoch\":[1,2",
                           "\"",
                           "}}}",
                           "[[[",
                           "{\"benchmarks\":[{\"a\" 1}]}"})
    EXPECT_FALSE(Json::accept(pruned(text, 3))) << text;
}

}  // namespace
}  // namespace gpubench
