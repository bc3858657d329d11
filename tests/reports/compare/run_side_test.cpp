#include "reports/compare/run_side.hpp"

#include <filesystem>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "reports/compare/run_rows.hpp"
#include "reports/journal.hpp"
#include "reports/run_file.hpp"
#include "tests/reports/compare/example_nodes.hpp"
#include "tests/reports/example_run.hpp"
#include "tests/reports/files.hpp"

namespace gpubench {
namespace {

using ::testing::HasSubstr;

std::string complaint_about(const std::filesystem::path& path) {
  try {
    side_of_runs(path);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "nothing";
}

Run one_run(const std::string& uuid, const std::string& host = "node-a") {
  example::Node node = example::a100_node(2, 2);
  node.uuid = uuid;
  node.host = host;
  return example::run_of(node, {example::gemm(260), example::triad(1760)});
}

TEST(RunSide, AFileIsRowsOfCasesWithTheirValues) {
  const Side side = example::side_of(one_run("GPU-x"));
  EXPECT_EQ(side.files, 1);
  EXPECT_EQ(side.devices, 2);
  EXPECT_EQ(side.rows, 8);
  ASSERT_EQ(side.cases.size(), 2U);
  EXPECT_EQ(side.cases[0].values.size(), 4U);
  EXPECT_EQ(side.short_title, "2 x NVIDIA A100-SXM4-80GB");
  EXPECT_EQ(side.sku.reference->id, "a100_sxm4_80gb");
}

TEST(RunSide, RowsReadAsAStreamAreThoseOfTheWholeFile) {
  const TemporaryFolder folder;
  const gpubench::Run run = example::launches(3);
  write_run(run, folder / "run.json");
  const RunRows rows = read_run_rows(folder / "run.json");
  ASSERT_EQ(rows.rows.size(), run.results.size());
  for (std::size_t i = 0; i < run.results.size(); ++i) {
    const CaseResult& row = run.results[i];
    EXPECT_EQ(rows.rows[i].one.name, row.run_name);
    EXPECT_EQ(rows.rows[i].ok, row.status == Status::ok);
    EXPECT_EQ(rows.rows[i].launch, row.launch);
    EXPECT_EQ(rows.rows[i].one.parts.size(), row.parts.size());
    EXPECT_DOUBLE_EQ(rows.rows[i].value, row.status == Status::ok ? row.figures[0].second : 0);
  }
  EXPECT_EQ(rows.context.host.name, "node7");
  EXPECT_TRUE(rows.complete);
}

TEST(RunSide, KeysMayComeInAnyOrder) {
  Json json = to_json(example::two_modes()), turned;
  for (const char* key : {"benchmarks", "context"}) turned[key] = json[key];
  EXPECT_EQ(run_rows_of_text("turned.json", turned.dump()).rows.size(), 4U);
  EXPECT_EQ(run_rows_of_text("turned.json", turned.dump(1)).context.digest, std::string(64, 'a'));
}

TEST(RunSide, AFolderIsAllItsRunFiles) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "night2");
  write_run(one_run("GPU-x"), folder / "x.json");
  write_run(one_run("GPU-y"), folder / "night2/y.json");
  write_file(folder / "notes.txt", "no run file");
  const Side side = side_of_runs(folder / "");
  EXPECT_EQ(side.files, 2);
  EXPECT_EQ(side.devices, 4);
  EXPECT_EQ(side.cases[0].values.size(), 8U);
  EXPECT_TRUE(side.broken.empty());
}

TEST(RunSide, ABoardIsItsUuidInWhateverFile) {
  const TemporaryFolder folder;
  write_run(one_run("GPU-x"), folder / "monday.json");
  write_run(one_run("GPU-x", "another-node"), folder / "tuesday.json");  // it was moved
  const Side side = side_of_runs(folder / "");
  EXPECT_EQ(side.devices, 2);
  std::set<int> launches;
  for (const Measured& value : side.cases[0].values) launches.insert(value.launch);
  EXPECT_EQ(launches.size(), 4U);
}

TEST(RunSide, ABrokenFileAmongOthersIsNamedAndSkipped) {
  const TemporaryFolder folder;
  write_run(one_run("GPU-x"), folder / "a.json");
  write_file(folder / "b.json", "{\"context\": {},\n \"benchmarks\": [}");
  write_file(folder / "c.json", "{\"checks\": []}");
  write_run(one_run("GPU-y"), folder / "d.json");
  const Side side = side_of_runs(folder / "");
  EXPECT_EQ(side.files, 2);
  ASSERT_EQ(side.broken.size(), 2U);
  EXPECT_THAT(side.broken[0], HasSubstr("b.json: "));
  EXPECT_THAT(side.broken[1], HasSubstr("c.json: no context: not a gpubench run file"));
}

TEST(RunSide, WhatIsWrongIsSaidWithItsPlace) {
  const TemporaryFolder folder;
  const auto expect = [&](const std::string& text, const std::string& complaint) {
    write_file(folder / "run.json", text);
    EXPECT_THAT(complaint_about(folder / "run.json"), HasSubstr(complaint));
  };
  const Json good = to_json(example::two_modes());
  expect("", "run.json: empty");
  expect("[1]", "run.json: expected an object with context and benchmarks, found an array");
  expect("{\"context\": {\"gpubench\"", "line 1, column 24: not JSON");
  expect("{\"context\": {}, \"benchmarks\": []}", "no context.gpubench");
  expect(std::string(100000, '['), "run.json: ");
  Json json = good;
  json.erase("benchmarks");
  expect(json.dump(1), "run.json: no list of benchmarks");
  json = good;
  json["benchmarks"][2] = 7;
  expect(json.dump(), "run.json: /benchmarks/2: expected an object");
  json = good;
  json["benchmarks"][3]["gpubench"]["method"] = "new";
  expect(json.dump(), "run.json: /benchmarks/3/gpubench/method: expected");
  json = good;
  json["benchmarks"][3]["images_per_second"] = 0;
  expect(json.dump(), "run.json: /benchmarks/3/gpubench/images_per_second: an ok row needs a number above 0");
  json = good;
  json["context"]["gpubench"]["schema"] = 2;
  expect(json.dump(), "run.json: /context/gpubench/schema: version 2, this gpubench reads version 1");
}

TEST(RunSide, AJournalIsARunThatDidNotEnd) {
  const TemporaryFolder folder;
  const gpubench::Run run = one_run("GPU-x");
  Journal journal(folder / "run.json", run.context);
  std::string why_not;
  for (const CaseResult& row : run.results) journal.append(row, why_not);
  const std::string text = text_of_file(journal.path());
  write_file(folder / "cut.journal", text.substr(0, text.size() - 20));
  std::filesystem::remove(journal.path());
  const Side side = side_of_runs(folder / "");
  EXPECT_EQ(side.rows, 7);
  ASSERT_EQ(side.remarks.size(), 1U);
  EXPECT_THAT(side.remarks[0], HasSubstr("1 of 1 files"));
}

TEST(RunSide, WhatSpoilsTheNumbersIsARemark) {
  gpubench::Run run = one_run("GPU-x");
  run.results[0].labels = {"contended: others used 90 % of the CPU"};
  run.results[1].finding = Finding{"degraded", "the power brake was on"};
  const Side side = example::side_of(run);
  ASSERT_EQ(side.remarks.size(), 2U);
  EXPECT_THAT(side.remarks[0], HasSubstr("1 of 8 rows in "));
  EXPECT_THAT(side.remarks[0], HasSubstr("contended"));
  EXPECT_THAT(side.remarks[1], HasSubstr("node-a: degraded: the power brake was on (1 rows in "));
}

TEST(RunSide, TwoModelsInOneSideAreARemark) {
  const TemporaryFolder folder;
  write_run(one_run("GPU-x"), folder / "a.json");
  write_run(example::run_of(example::h100_node(), {example::gemm(720)}), folder / "h.json");
  const Side side = side_of_runs(folder / "");
  ASSERT_EQ(side.remarks.size(), 1U);
  EXPECT_THAT(side.remarks[0], HasSubstr("2 models of devices"));
  EXPECT_EQ(side.models.front(), "NVIDIA A100-SXM4-80GB");
}

TEST(RunSide, AFolderWithoutRunFilesIsRefused) {
  const TemporaryFolder folder;
  EXPECT_THAT(complaint_about(folder / ""), HasSubstr("a folder without run files"));
  write_file(folder / "a.json", "{}");
  EXPECT_THAT(complaint_about(folder / ""), HasSubstr("none of its 1 files is a run file; the first: "));
}

}  // namespace
}  // namespace gpubench
