#include <chrono>
#include <cmath>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/history/fleet_report.hpp"
#include "reports/history/fleet_values.hpp"
#include "reports/history/subsystem.hpp"
#include "reports/run_file.hpp"
#include "tests/reports/files.hpp"
#include "tests/reports/history/example_nights.hpp"

namespace gpubench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

/// `count` cases, half of them products, half of them copies.
std::vector<example::Told> cases_of(int count, double slower_memory) {
  std::vector<example::Told> cases;
  for (int i = 0; i < count; ++i) {
    example::Told told = i % 2 == 0 ? example::gemm(500 + i) : example::triad((2900 + i) / slower_memory);
    told.name = fmt::format("{}/{}/case{}", told.name.substr(0, told.name.find('/')), told.precision, i);
    cases.push_back(told);
  }
  return cases;
}

/// One node's run of a night, a few hundredths of a percent from that of its peers.
gpubench::Run node_run(int node, int day, double slower_memory = 1, int cases = 6, double hours = 0) {
  example::Node one = example::h100_node(1, 1);
  one.host = fmt::format("node{:03}", node);
  one.uuid = fmt::format("GPU-{:03}-", node);
  const double own = 1 + 0.0005 * ((node * 5 + day * 3) % 7 - 3);
  gpubench::Run run = example::night_run(day, one, cases_of(cases, slower_memory), own);
  run.context.start = example::start_of_night(day, hours + 0.01 * node);
  run.context.end = run.context.start;
  return run;
}

class Fleet : public ::testing::Test {
 protected:
  void nights(int nodes, int count) {
    for (int day = 0; day < count; ++day)
      for (int node = 0; node < nodes; ++node) runs_.push_back(node_run(node, day));
  }
  FleetReport judged() const {
    Archive archive;
    for (const gpubench::Run& run : runs_) add(archive, run, "run.json");
    const FleetValues values = fleet_values(archive);
    return judge_fleet_night(values, last_fleet_night(values), [&](const std::string& identity) {
      for (const gpubench::Run& run : runs_)
        if (identity_of(run.context) == identity) return run.context;
      return Context{};
    });
  }
  /// Tonight, on which the memory of node 3 is slower.
  void tonight(int nodes, int day, double slower) {
    for (int node = 0; node < nodes; ++node) runs_.push_back(node_run(node, day, node == 3 ? slower : 1));
  }

  std::vector<gpubench::Run> runs_{};
};

TEST(FleetValues, EachProblemWearsOnOneSubsystem) {
  EXPECT_EQ(subsystem_of("train/resnet50/amp-bf16/b16/d1/cudnn"), Subsystem::compute);
  EXPECT_EQ(subsystem_of("memory/fp32/triad/256mib/gpubench"), Subsystem::memory);
  EXPECT_EQ(subsystem_of("h2d/pinned/64mib/near/ce"), Subsystem::links);
  EXPECT_EQ(subsystem_of("launch/stream/1/gpubench"), Subsystem::host);
  EXPECT_EQ(subsystem_of("memorylike/x"), Subsystem::compute);
}

TEST(FleetValues, ANightIsTheNodesThatMeasuredTogether) {
  Archive archive;
  add(archive, node_run(1, 0), "a.json");
  add(archive, node_run(2, 0, 1, 6, 11), "b.json");
  add(archive, node_run(1, 1), "c.json");
  const FleetValues values = fleet_values(archive);
  ASSERT_EQ(values.nights.size(), 2U);
  EXPECT_EQ(values.nights[0].nodes.size(), 2U);
  EXPECT_EQ(values.nights[1].nodes.size(), 1U);
  EXPECT_EQ(values.cases.size(), 6U);
  EXPECT_EQ(values.groups[0], Subsystem::compute);
  EXPECT_EQ(values.groups[5], Subsystem::memory);
  EXPECT_EQ(values.members.at("node001 GPU-001-0, h100_sxm5_80gb, 700 W").called, "cuda:0");
  EXPECT_EQ(values.members.at("node001 GPU-001-0, h100_sxm5_80gb, 700 W").limits, "700 W");
  EXPECT_EQ(values.members.at("node001 GPU-001-0, h100_sxm5_80gb, 700 W").sku, "h100_sxm5_80gb");
}

TEST(FleetValues, LaterRunsOfANodeAreItsBeingMeasuredAgain) {
  Archive archive;
  add(archive, node_run(1, 0), "a.json");
  add(archive, node_run(2, 0), "b.json");
  add(archive, node_run(1, 0, 1.5, 6, 1), "again.json");
  const FleetValues values = fleet_values(archive);
  ASSERT_EQ(values.nights.size(), 1U);
  EXPECT_EQ(values.nights[0].nodes.size(), 2U);
  ASSERT_TRUE(values.again[0]);
  ASSERT_EQ(values.again[0]->nodes.size(), 1U);
  const double before = values.nights[0].nodes[0].values[5].value(),
               after = values.again[0]->nodes[0].values[5].value();
  EXPECT_NEAR(after - before, 100 * std::log(1.5), 1e-6);
}

TEST_F(Fleet, AnUntouchedFleetIsOk) {
  nights(8, 15);
  const FleetReport report = judged();
  EXPECT_EQ(report.exit_status(), 0);
  EXPECT_THAT(fleet_text(report, 120),
              StartsWith("ok: 8 devices of 8 nodes, night 2026-11-15: none is behind its peers\n"));
}

TEST_F(Fleet, ASlowerNodeIsToBeMeasuredAgain) {
  nights(8, 14);
  tonight(8, 14, 1.03);
  const FleetReport report = judged();
  EXPECT_EQ(report.exit_status(), 3);
  ASSERT_EQ(report.found.size(), 1U);
  EXPECT_EQ(report.found[0].node, "node003");
  EXPECT_EQ(report.verdict.findings[0].subsystem, Subsystem::memory);
  const std::string text = fleet_text(report, 120);
  EXPECT_THAT(text, StartsWith("undecided: node003, cuda:0 (GPU-003), memory: +"));
  EXPECT_THAT(text, HasSubstr("measure again: node003, with its peers node0"));
}

TEST_F(Fleet, MeasuredAgainItIsDegradedOrWasTransient) {
  nights(8, 14);
  tonight(8, 14, 1.03);
  for (int node = 0; node < 7; ++node) runs_.push_back(node_run(node, 14, node == 3 ? 1.03 : 1, 6, 2));
  const FleetReport degraded = judged();
  EXPECT_EQ(degraded.exit_status(), 1);
  EXPECT_THAT(fleet_text(degraded, 120), StartsWith("degraded: node003, cuda:0 (GPU-003), memory: "));
  EXPECT_THAT(degraded.verdict.retests, IsEmpty());

  runs_.resize(runs_.size() - 7);
  for (int node = 0; node < 7; ++node) runs_.push_back(node_run(node, 14, 1, 6, 2));
  const FleetReport gone_again = judged();
  EXPECT_EQ(gone_again.exit_status(), 0);
  EXPECT_EQ(gone_again.verdict.findings.at(0).verdict, Verdict::transient);
}

TEST_F(Fleet, ADeviceThatIsGoneIsOneAndANodeThatIsSilentThree) {
  nights(8, 2);
  runs_.pop_back();
  FleetReport report = judged();
  EXPECT_EQ(report.exit_status(), 3);
  EXPECT_THAT(report.silent, ElementsAre("node007"));
  EXPECT_THAT(fleet_text(report, 120), StartsWith("not_run: node007 measured on nights before, not tonight"));

  gpubench::Run other_gpu = node_run(7, 1);
  for (DeviceInfo& device : other_gpu.context.devices) device.uuid = "GPU-new";
  for (Gpu& gpu : other_gpu.context.gpus->gpus) gpu.uuid = "GPU-new";
  runs_.push_back(other_gpu);
  report = judged();
  EXPECT_EQ(report.exit_status(), 1);
  EXPECT_THAT(fleet_text(report, 120),
              StartsWith("gone: node007, cuda:0 (GPU-007): it is not among the devices of this run"));
}

TEST_F(Fleet, ADeviceAllOfWhoseCasesFailedIsThree) {
  nights(8, 2);
  for (CaseResult& row : runs_.back().results) {
    row.status = Status::failed;
    row.reason = "killed by signal 9";
  }
  FleetReport report = judged();
  EXPECT_EQ(report.exit_status(), 3);
  EXPECT_THAT(fleet_text(report, 120), StartsWith("not_run: node007, cuda:0 (GPU-007): no value tonight"));
  for (Gpu& gpu : runs_.back().context.gpus->gpus) gpu.lost = "it fell off the bus";
  EXPECT_EQ(judged().exit_status(), 1);
}

TEST_F(Fleet, ACpuThatIsNotMeasuredTonightIsNotGone) {
  nights(8, 2);
  for (std::size_t i = 0; i < 8; ++i) {  // the first night, on the CPU as well
    gpubench::Run& run = runs_[i];
    run.context.devices.push_back({.id = "cpu", .kind = "cpu", .model = "Xeon"});
    CaseResult row = run.results.front();
    row.device = "cpu";
    run.results.push_back(row);
  }
  EXPECT_EQ(judged().exit_status(), 0);
}

TEST_F(Fleet, ARunOfOneNodeInTheAfternoonHidesNobody) {
  nights(8, 2);
  runs_.push_back(node_run(0, 1, 1, 6, 13));
  EXPECT_EQ(judged().exit_status(), 0);
  EXPECT_EQ(judged().nodes, 8U);
  for (int node = 0; node < 7; ++node) runs_.push_back(node_run(node, 2));
  EXPECT_EQ(judged().exit_status(), 3);
  EXPECT_THAT(judged().silent, ElementsAre("node007"));
}

TEST_F(Fleet, AnotherPowerCapHasNoPast) {
  nights(8, 14);
  tonight(8, 14, 1.02);
  ASSERT_EQ(judged().exit_status(), 3);
  runs_[runs_.size() - 5].context.gpus->gpus[0].power_limit_watts = 650;
  EXPECT_EQ(judged().exit_status(), 0);
}

TEST(FleetValues, ACaseOfAnotherMethodIsAnotherCase) {
  Archive archive;
  gpubench::Run run = node_run(1, 0);
  add(archive, node_run(2, 0), "a.json");
  for (CaseResult& row : run.results) row.method = 2;
  add(archive, run, "b.json");
  EXPECT_EQ(fleet_values(archive).cases.size(), 12U);
}

TEST(FleetValues, CasesOfALaterRunAreOfTheNight) {
  Archive archive;
  gpubench::Run first = node_run(1, 0), second = node_run(1, 0, 1, 6, 1);
  first.results.resize(3);
  second.results.erase(second.results.begin(), second.results.begin() + 3);
  add(archive, first, "a.json");
  add(archive, second, "b.json");
  const FleetValues values = fleet_values(archive);
  for (const auto& value : values.nights.at(0).nodes.at(0).values) EXPECT_TRUE(value);
  EXPECT_FALSE(values.again[0]);
}

TEST_F(Fleet, TooFewToBePeersIsNothingToCompare) {
  nights(3, 1);
  const FleetReport report = judged();
  EXPECT_EQ(report.exit_status(), 3);
  EXPECT_THAT(fleet_text(report, 120), StartsWith("no_history: nothing to compare: h100_sxm5_80gb: 3 nodes"));
}

TEST_F(Fleet, TheJsonSaysTheSame) {
  nights(8, 14);
  tonight(8, 14, 1.03);
  const Json json = to_json(judged());
  EXPECT_EQ(json["exit_status"], 3);
  EXPECT_EQ(json["findings"][0]["node"], "node003");
  EXPECT_EQ(json["findings"][0]["subsystem"], "memory");
  EXPECT_EQ(json["retests"][0]["node"], "node003");
  EXPECT_EQ(json["retests"][0]["peers"].size(), 3U);
}

TEST_F(Fleet, ReadsLikeThis) {
  nights(8, 14);
  tonight(8, 14, 1.03);
  expect_golden(fleet_text(judged(), 120), "history/fleet.txt");
  expect_golden(fleet_text(judged(), 80), "history/fleet_80.txt");
}

TEST_F(Fleet, HundredsOfNodesTakeSeconds) {
  const TemporaryFolder folder;
  for (int node = 0; node < 300; ++node)
    write_run(node_run(node, 0, node == 3 ? 1.08 : 1, 20), folder / fmt::format("node{:03}.json", node));
  const auto start = std::chrono::steady_clock::now();
  const FleetValues values = fleet_values(archive_of(folder / ""));
  const FleetReport report = judge_fleet_night(values, 0, [](const std::string&) { return Context{}; });
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  EXPECT_EQ(report.nodes, 300U);
  ASSERT_FALSE(report.found.empty());
  EXPECT_EQ(report.found[0].node, "node003");
  EXPECT_LT(seconds, 20);  // two cores that others use as well
  RecordProperty("seconds", fmt::format("{:.2f}", seconds));
}

}  // namespace
}  // namespace gpubench
