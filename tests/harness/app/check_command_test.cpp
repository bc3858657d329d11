#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/json.hpp"
#include "reports/run_file.hpp"
#include "tests/harness/app/end_to_end.hpp"

namespace gpubench {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class CheckCommand : public EndToEnd {
 protected:
  void expect(const std::vector<std::string>& words, int status, const std::string& said) {
    const Ended ended = run(words);
    EXPECT_EQ(ended.status, status) << ended.out << ended.err;
    EXPECT_THAT(ended.out + ended.err, HasSubstr(said));
  }
  /// The same run an hour later, `times` as slow.
  void write_later(const std::string& name, double times) {
    gpubench::Run later = read_run(folder_ / "run.json");
    later.context.start = "2036-11-20T19:30:00Z";
    later.context.end.clear();
    for (CaseResult& row : later.results) {
      row.median_seconds *= times;
      for (double& sample : row.samples_seconds) sample *= times;
      for (auto& [figure, value] : row.figures) value /= times;
    }
    later.context.end = "2036-11-20T19:31:00Z";
    write_run(later, folder_ / name);
  }
};

TEST_F(CheckCommand, FiveLaunchesAgainstFive) {
  measured({"--suite", "good", "--launches", "5"}, 0);
  write_later("slow.json", 1.5);
  write_later("same.json", 1);
  expect({"check", "slow.json", "--baseline", "run.json"}, 1, "regression: ");
  expect({"check", "same.json", "--baseline", "run.json"}, 0, "not in baseline 0, missing 0");
}

TEST_F(CheckCommand, AHistoryAndItsFilesSayTheSame) {
  measured({"--suite", "good", "--launches", "5"}, 0);
  write_later("slow.json", 1.5);
  expect({"history", "add", "nights.db", "run.json"}, 0, "added");
  const Ended by_files = run({"check", "slow.json", "--baseline", "run.json"});
  const Ended by_history = run({"check", "slow.json", "--history", "nights.db"});
  EXPECT_EQ(by_files.status, 1);
  EXPECT_EQ(by_history.status, 1);
  EXPECT_EQ(by_files.out, by_history.out);
}

TEST_F(CheckCommand, JsonGoesWhereItIsAsked) {
  measured({"--suite", "good"}, 0);
  write_later("later.json", 1);
  const Ended ended = run({"check", "later.json", "--baseline", "run.json", "--json", "-"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(Json::parse(ended.out)["nodes"][0]["verdict"], "no_history");
  EXPECT_THAT(ended.err, StartsWith("no_history: "));
  expect({"check", "later.json", "--baseline", "run.json", "--json", "v.json"}, 0, "no_history");
  expect({"check", "later.json", "--baseline", "run.json", "--json", "v.json"}, 2, "--json v.json exists; --force");
}

TEST_F(CheckCommand, ABrokenFileInAFolderIsTwo) {
  measured({"--suite", "good"}, 0);
  write_later("later.json", 1);
  std::filesystem::create_directory(folder_ / "nights");
  std::filesystem::copy(folder_ / "run.json", folder_ / "nights/run.json");
  std::filesystem::copy(folder_ / "run.json", folder_ / "nights/cut.json");
  std::filesystem::resize_file(folder_ / "nights/cut.json", 300);
  expect({"check", "later.json", "--baseline", "nights"}, 2, "skipped: nights/cut.json: line ");
}

TEST_F(CheckCommand, WhatIsMissingOnTheCommandLineIsSaid) {
  measured({"--suite", "good"}, 0);
  expect({"check", "run.json"}, 2, "needs --baseline PATH or --history DB");
  expect({"check", "run.json", "--baseline", "a", "--history", "b"}, 2, "excludes");
  expect({"check", "gone.json", "--baseline", "run.json"}, 2, "gone.json: cannot read");
  expect({"check", "run.json", "--history", "gone.db"}, 2, "gone.db: no such file");
  expect({"check", "--help"}, 0, "gpubench check tonight.json --history nights.db");
}

}  // namespace
}  // namespace gpubench
