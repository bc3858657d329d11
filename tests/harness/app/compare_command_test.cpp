#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/json.hpp"
#include "tests/harness/app/end_to_end.hpp"

namespace gpubench {
namespace {

using ::testing::HasSubstr;

class CompareCommand : public EndToEnd {
 protected:
  void expect(const std::vector<std::string>& words, int status, const std::string& said) {
    const Ended ended = run(words);
    EXPECT_EQ(ended.status, status) << ended.out << ended.err;
    EXPECT_THAT(ended.out + ended.err, HasSubstr(said));
  }
};

TEST_F(CompareCommand, TwoReferencesOutOfTheBox) {
  const Ended ended = run({"compare", "a100_sxm4_80gb", "h100_sxm5_80gb"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.out.substr(0, ended.out.find('\n')), HasSubstr("H100 SXM5 80GB is "));
  EXPECT_THAT(ended.out, HasSubstr("On paper: dense BF16 3.17x"));
  EXPECT_EQ(ended.err, "");
}

TEST_F(CompareCommand, ARunWithItselfIsAsFastAsItIs) {
  measured({"--suite", "good"}, 0);
  expect({"compare", "run.json", "run.json"}, 0, "B (run.json) is 1.00x as fast as A (run.json)");
}

TEST_F(CompareCommand, JsonAndMarkdownGoWhereTheyAreAsked) {
  const Ended ended = run({"compare", "a100_sxm4_80gb", "h100_sxm5_80gb", "--json", "-", "--markdown", "c.md"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(Json::parse(ended.out)["b"]["reference"], "h100_sxm5_80gb");
  EXPECT_THAT(ended.err, HasSubstr("On paper"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "c.md"));
  expect({"compare", "a100_sxm4_80gb", "h100_sxm5_80gb", "--markdown", "c.md"}, 2, "--markdown c.md exists; --force");
  expect({"compare", "a100_sxm4_80gb", "h100_sxm5_80gb", "--markdown", "c.md", "--force"}, 0, "On paper");
}

TEST_F(CompareCommand, WhatIsNoSideSaysWhatThereIs) {
  expect(
      {"compare", "a100", "h100_sxm5_80gb"}, 2, "a100: no such file, folder or reference; references like it: a100_");
  expect({"compare", "claims", "h100_sxm5_80gb"}, 2, "claims has nothing to compare with");
  expect({"compare", "a100_sxm4_80gb"}, 2, "B is required");
  expect({"compare", "a100_sxm4_80gb", "h100_sxm5_80gb", "--html", "x.html"}, 2, "--html is not part of this version");
}

TEST_F(CompareCommand, NothingComparableIsThree) {
  measured({"--suite", "good"}, 0);
  expect({"compare", "run.json", "t4_16gb"}, 3, "Nothing can be compared");
  expect({"compare", "t4_16gb", "l40s_48gb"}, 0, "only their datasheets can be compared");
}

TEST_F(CompareCommand, ABrokenFileInAFolderIsTwoAtTheEnd) {
  measured({"--suite", "good"}, 0);
  std::filesystem::create_directory(folder_ / "night");
  std::filesystem::copy(folder_ / "run.json", folder_ / "night/run.json");
  std::filesystem::copy(folder_ / "run.json", folder_ / "night/cut.json");
  std::filesystem::resize_file(folder_ / "night/cut.json", 300);
  expect({"compare", "night", "run.json"}, 2, "skipped: night/cut.json: line ");
}

TEST_F(CompareCommand, ReferencesAreListedAndShown) {
  expect({"reference"}, 0, "a100_sxm4_80gb");
  expect({"reference", "show", "a100_sxm4_80gb"}, 0, "least linux driver: 450.80.02");
  expect({"reference", "show", "a100_sxm4_80gb", "--json"}, 0, "\"gpubench_reference\": 1");
  expect({"reference", "show", "b100"}, 2, "b100: no such reference or file");
  expect({"reference", "show"}, 2, "needs a name");
}

TEST_F(CompareCommand, AFileOfPublishedFiguresIsAReference) {
  const Ended shown = run({"reference", "show", "h100_sxm5_80gb", "--json"});
  std::ofstream(folder_ / "mine.json") << shown.out;
  expect({"compare", "a100_sxm4_80gb", "mine.json"}, 0, "H100 SXM5 80GB is ");
  expect({"reference", "show", "mine.json"}, 0, "peak bf16");
}

}  // namespace
}  // namespace gpubench
