#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/history/check_report.hpp"
#include "reports/history/checked.hpp"
#include "reports/history/history.hpp"
#include "reports/run_file.hpp"
#include "reports/schema_problems.hpp"
#include "tests/reports/files.hpp"
#include "tests/reports/history/check_fixture.hpp"

namespace gpubench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST_F(Check, ANightLikeTheOthersIsOk) {
  past(12);
  const CheckedNode node = judged(example::night_run(12));
  EXPECT_EQ(node.exit_status, 0);
  EXPECT_EQ(node.verdict, Verdict::ok);
  EXPECT_THAT(node.sentence, StartsWith("ok: node-h, 4 cases judged against 12 nights; a change of "));
  EXPECT_EQ(coverage_text(node), "ran 4, unsupported 0, failed 0, not in baseline 0, missing 0");
}

TEST_F(Check, ASuspectIsUndecidedAndThree) {
  past(12);
  gpubench::Run run = example::night_run(12, 1.02);
  run.context.gpus->driver = "590.10.01";
  const CheckedNode node = judged(run);
  EXPECT_EQ(node.exit_status, 3);
  EXPECT_EQ(case_of(node, "gemm").verdict, Verdict::undecided);
  EXPECT_THAT(node.sentence, StartsWith("undecided: node-h, cuda:"));
  EXPECT_THAT(node.sentence, HasSubstr("suspected: +2.0"));
  EXPECT_THAT(node.sentence, HasSubstr("first suspect: driver 580.65.06 → 590.10.01"));
}

TEST_F(Check, FiveLaunchesASideDecideWithoutAHistoryOfNights) {
  past(1, 5);
  const CheckedNode slower = judged(example::night_run(1, 1.02, 5));
  EXPECT_EQ(slower.exit_status, 1);
  EXPECT_EQ(case_of(slower, "gemm").verdict, Verdict::regression);
  EXPECT_THAT(slower.sentence, StartsWith("regression: node-h, cuda:"));
  EXPECT_THAT(slower.sentence, HasSubstr("99 % interval "));
  ASSERT_TRUE(case_of(slower, "gemm").change);
  EXPECT_LT(case_of(slower, "gemm").change->high, 0.99);  // of a rate, which fell

  EXPECT_EQ(judged(example::night_run(1, 0.97, 5)).verdict, Verdict::improvement);
  EXPECT_EQ(judged(example::night_run(1, 1, 5)).exit_status, 0);
}

TEST_F(Check, ASuspectOfManyLaunchesIsDecided) {
  past(12, 5);
  EXPECT_EQ(judged(example::night_run(12, 1.03, 5)).exit_status, 1);
  EXPECT_EQ(judged(example::night_run(12, 1.03, 4)).exit_status, 3);
}

TEST_F(Check, FewLaunchesAndFewNightsAreNoHistory) {
  past(3);
  const CheckedNode node = judged(example::night_run(3, 1.2));
  EXPECT_EQ(node.exit_status, 0);
  EXPECT_EQ(node.sentence, "no_history: node-h, 3 nights of 8, 6 and 2 launches of 5 a side");
}

TEST_F(Check, WhatIsTheSameOfAllCasesIsSaidOnce) {
  past(3);
  (void)judged(example::night_run(3));
  EXPECT_THAT(
      check_text(checked_, 200),
      HasSubstr("\nGPU-h0, gemm/bf16/m4096n4096k4096/nt/hot/cublaslt and 3 more: no_history: 3 nights of 8, 6 and 2 "
                "launches of 5 a side\n\nran 4"));
}

TEST_F(Check, AnotherPowerCapWantsANewBaseline) {
  past(12);
  example::Node node = example::h100_node(2, 2);
  node.power_limit = 650;
  node.digest = std::string(64, 'c');
  const CheckedNode checked = judged(example::night_run(12, node, {example::gemm(560), example::triad(3000)}));
  EXPECT_EQ(checked.exit_status, 0);
  EXPECT_EQ(checked.sentence, "no_history: node-h, new baseline needed: power cap 700 W → 650 W");
  EXPECT_EQ(checked.missing, 0);
}

TEST_F(Check, AnotherDigestWantsANewBaseline) {
  past(12);
  gpubench::Run run = example::night_run(12);
  run.context.digest = std::string(64, 'c');
  run.context.host.usable_cpus = 1;
  EXPECT_EQ(judged(run).sentence, "no_history: node-h, new baseline needed: usable cpus 2 → usable cpus 1");
}

TEST_F(Check, AnotherMethodIsNotJudged) {
  past(12);
  gpubench::Run run = example::night_run(12, 1.5);
  for (CaseResult& row : run.results) row.method = 2;
  EXPECT_EQ(judged(run).sentence, "no_history: node-h, new baseline needed: method 1 → 2");
}

TEST_F(Check, ACaseOfTheBaselineThatIsMissingIsThree) {
  past(12);
  const CheckedNode node = judged(without(example::night_run(12), "memory"));
  EXPECT_EQ(node.exit_status, 3);
  EXPECT_EQ(coverage_text(node), "ran 2, unsupported 0, failed 0, not in baseline 0, missing 2");
  EXPECT_THAT(node.sentence,
              StartsWith("missing: node-h, GPU-h0, memory/fp32/triad/256mib/warm/gpubench: not in this run"));
}

TEST_F(Check, WhatWasThereAndIsUnsupportedNowIsMissing) {
  past(12);
  gpubench::Run run = without(example::night_run(12), "memory");
  CaseResult row = example::not_run(example::triad(0), Status::unsupported, "no such library");
  run.results.push_back(row);
  const CheckedNode node = judged(run);
  EXPECT_EQ(node.exit_status, 3);
  EXPECT_EQ(case_of(node, "memory").reason, "no such library; it ran on 20261112");
}

TEST_F(Check, ADeviceThatIsGoneIsOne) {
  past(12);
  gpubench::Run run = example::night_run(12, example::h100_node(1, 2), {example::gemm(600), example::triad(3000)});
  CheckedNode node = judged(run);
  EXPECT_EQ(node.exit_status, 1);
  EXPECT_EQ(node.sentence, "gone: node-h, GPU-h1: it is not among the devices of this run");
  // There, but not measured: that is asked for and not had.
  run.context.gpus->gpus.push_back({.index = 1, .uuid = "GPU-h1"});
  node = judged(run);
  EXPECT_EQ(node.exit_status, 3);
  EXPECT_EQ(node.missing, 2);
  run.context.gpus->gpus.back().lost = "it fell off the bus";
  EXPECT_EQ(judged(run).sentence, "gone: node-h, GPU-h1: it fell off the bus");
  EXPECT_EQ(to_json(checked_)["nodes"][0]["verdict"], "gone");
}

TEST_F(Check, ADeviceThatDiedOnTheWayIsOne) {
  past(12);
  gpubench::Run run = example::night_run(12);
  for (CaseResult& row : run.results)
    if (row.device == "cuda:1") {
      row.status = Status::failed;
      row.reason = "the device was lost";
    }
  EXPECT_EQ(judged(run).exit_status, 3);
  for (Gpu& gpu : run.context.gpus->gpus)
    if (gpu.uuid == "GPU-h1") gpu.lost = "it fell off the bus";
  EXPECT_EQ(judged(run).exit_status, 1);
  EXPECT_EQ(judged(run).sentence, "gone: node-h, GPU-h1: it fell off the bus");
}

TEST_F(Check, TheLastRunOfANightTellsWhichDevicesAreThere) {
  past(12);
  const gpubench::Run first = example::night_run(12);
  gpubench::Run second = example::night_run(12, example::h100_node(1, 2), {example::gemm(600), example::triad(3000)});
  second.context.start = example::start_of_night(12, 1);
  const Checked checked = check({first, second});
  EXPECT_EQ(checked.exit_status(), 1);
  EXPECT_THAT(check_text(checked, 120), StartsWith("gone: node-h, GPU-h1: it is not among the devices of this run\n"));
}

TEST_F(Check, ARunThatIsKeptAsAPinnedLaunchIsJudged) {
  past(12);
  add(known_, example::night_run(12, 1.02), "pinned.json");
  known_.runs.back().night = false;
  EXPECT_EQ(judged(example::night_run(12, 1.02)).exit_status, 3);
  EXPECT_EQ(checked_.nodes.size(), 1U);
}

TEST_F(Check, NothingToJudgeIsThreeAndSaid) {
  const Checked checked = check({});
  EXPECT_EQ(checked.exit_status(), 3);
  EXPECT_THAT(check_text(checked, 120), StartsWith("not_run: none of the runs given is of a night"));
}

/// Nights of eight products, each `swing` times as slow as usual; tonight the first is `slower` times that.
gpubench::Run products(int day, double swing, double slower = 1) {
  std::vector<example::Told> cases;
  for (int i = 0; i < 8; ++i) {
    cases.push_back(example::gemm(500 + 10 * i));
    cases.back().name = "gemm/bf16/case" + std::to_string(i) + "/nt/hot/cublaslt";
  }
  cases[0].value /= slower;
  return example::night_run(day, example::h100_node(1, 5), cases, swing);
}

TEST_F(Check, WhatTheNodeAsAWholeDidIsNoRegression) {
  for (int day = 0; day < 20; ++day) add(known_, products(day, 1 + 0.001 * ((day * 7) % 20 - 10) * 1.6), "past.json");
  const CheckedNode node = judged(products(20, 1.012, 1.005));
  EXPECT_NE(node.exit_status, 1) << node.sentence;
  EXPECT_LT(case_of(node, "case0").slower_percent, 0.75);
  EXPECT_EQ(judged(products(20, 1.012, 1.03)).exit_status, 1);
}

TEST_F(Check, ANightWithAFindingIsNotWhatOthersAreJudgedAgainst) {
  past(12);
  gpubench::Run hot = example::night_run(12, 1.1);
  for (CaseResult& row : hot.results) row.finding = Finding{.verdict = "degraded", .reason = "thermal slowdown"};
  add(known_, hot, "hot.json");
  EXPECT_EQ(case_of(judged(example::night_run(13)), "gemm").nights, 12);
}

TEST_F(Check, ThatNoCommonModeWasTakenOutIsSaid) {
  past(12);
  EXPECT_THAT(judged(example::night_run(12)).notes, ElementsAre(StartsWith("no common mode: ")));
}

TEST_F(Check, AWrongAnswerIsOneAndAFailureThree) {
  past(12);
  gpubench::Run run = example::night_run(12);
  run.results[0].status = Status::failed;
  run.results[0].reason = "killed by signal 9";
  EXPECT_EQ(judged(run).exit_status, 3);
  EXPECT_THAT(judged(run).sentence, StartsWith("failed: node-h, cuda:0 (GPU-h0), gemm"));
  run.results[0].status = Status::wrong_result;
  run.results[0].reason = "element 3";
  EXPECT_EQ(judged(run).exit_status, 1);
  EXPECT_THAT(judged(run).sentence, StartsWith("wrong_result: "));
}

TEST_F(Check, AFindingIsOne) {
  past(12);
  gpubench::Run run = example::night_run(12);
  run.results[0].finding = Finding{.verdict = "degraded", .reason = "hardware thermal slowdown"};
  const CheckedNode node = judged(run);
  EXPECT_EQ(node.exit_status, 1);
  EXPECT_EQ(node.sentence,
            "degraded: node-h, cuda:0 (GPU-h0), gemm/bf16/m4096n4096k4096/nt/hot/cublaslt: hardware thermal slowdown");
}

TEST_F(Check, ARunThatDidNotEndIsThree) {
  past(12);
  gpubench::Run run = example::night_run(12);
  run.complete = false;
  EXPECT_EQ(judged(run).exit_status, 3);
  EXPECT_THAT(judged(run).sentence, StartsWith("interrupted: the run did not end; ok: node-h, "));
  EXPECT_EQ(to_json(checked_)["nodes"][0]["verdict"], "interrupted");
  known_ = {};
  past(1, 5);
  run = example::night_run(1, 0.97, 5);
  run.complete = false;
  EXPECT_THAT(judged(run).sentence, StartsWith("interrupted: the run did not end; improvement: "));
}

}  // namespace
}  // namespace gpubench
