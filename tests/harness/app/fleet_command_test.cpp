#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/json.hpp"
#include "reports/run_file.hpp"
#include "tests/harness/app/end_to_end.hpp"

namespace gpubench {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class FleetCommand : public EndToEnd {
 protected:
  void expect(const std::vector<std::string>& words, int status, const std::string& said) {
    const Ended ended = run(words);
    EXPECT_EQ(ended.status, status) << ended.out << ended.err;
    EXPECT_THAT(ended.out + ended.err, HasSubstr(said));
  }
  /// The same run on so many nodes; of node 2 `times` as slow.
  void write_nodes(int nodes, double times) {
    measured({"--suite", "good"}, 0);
    const gpubench::Run one = read_run(folder_ / "run.json");
    std::filesystem::create_directory(folder_ / "night");
    for (int node = 0; node < nodes; ++node) {
      gpubench::Run other = one;
      other.context.host.name = fmt::format("node{}", node);
      for (CaseResult& row : other.results) {
        const double own = (node == 2 ? times : 1) * (1 + 0.001 * node);
        row.median_seconds *= own;
        for (double& sample : row.samples_seconds) sample *= own;
        for (auto& [figure, value] : row.figures) value /= own;
      }
      write_run(other, folder_ / "night" / (other.context.host.name + ".json"));
    }
  }
};

TEST_F(FleetCommand, AFolderAndAHistoryOfItSayTheSame) {
  write_nodes(6, 1.2);
  const Ended by_files = run({"fleet", "night"});
  EXPECT_EQ(by_files.status, 3) << by_files.err;
  EXPECT_THAT(by_files.out, StartsWith("undecided: node2, "));
  EXPECT_THAT(by_files.out, HasSubstr("measure again: node2, with its peers node"));
  expect({"history", "add", "nights.db", "night"}, 0, "node5.json: added");
  const Ended by_history = run({"fleet", "nights.db"});
  EXPECT_EQ(by_history.status, 3);
  EXPECT_EQ(by_history.out, by_files.out);
}

TEST_F(FleetCommand, AllAlikeIsZero) {
  write_nodes(6, 1);
  expect({"fleet", "night"}, 0, "ok: 6 devices of 6 nodes");
  const Ended ended = run({"fleet", "night", "--json", "-"});
  EXPECT_EQ(Json::parse(ended.out)["judged"], 6);
  EXPECT_THAT(ended.err, StartsWith("ok: "));
}

TEST_F(FleetCommand, WhatCannotBeJudgedIsSaid) {
  write_nodes(1, 1);
  expect({"fleet", "night"}, 3, "no_history: nothing to compare");
  expect({"fleet", "gone"}, 2, "gone: no such folder or history");
  expect({"fleet", "night", "--night", "1999"}, 2, "--night 1999: no such night; the last one is 20");
  expect({"fleet"}, 2, "DIR|DB is required");
  std::filesystem::copy(folder_ / "run.json", folder_ / "night/cut.json");
  std::filesystem::resize_file(folder_ / "night/cut.json", 300);
  expect({"fleet", "night"}, 2, "skipped: night/cut.json: line ");
}

}  // namespace
}  // namespace gpubench
