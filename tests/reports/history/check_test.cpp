#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/history/check_report.hpp"
#include "reports/history/checked.hpp"
#include "reports/history/history.hpp"
#include "reports/run_file.hpp"
#include "reports/schema_problems.hpp"
#include "tests/reports/files.hpp"
#include "tests/reports/history/example_nights.hpp"

namespace gpubench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Nights to judge against, and one that is judged.
class Check : public ::testing::Test {
 protected:
  void past(int nights, int launches = 2) {
    for (int day = 0; day < nights; ++day) add(known_, example::night_run(day, 1, launches), "past.json");
  }
  CheckedNode judged(const gpubench::Run& run) {
    checked_ = check({run});
    return checked_.nodes.empty() ? CheckedNode{} : checked_.nodes.front();
  }
  Checked check(const std::vector<gpubench::Run>& runs) const {
    Archive all = known_;
    std::vector<std::string> identities;
    for (const gpubench::Run& run : runs) {
      add(all, run, "tonight.json");
      identities.push_back(identity_of(run.context));
    }
    return check_nights(all, identities);
  }

  Archive known_{};
  Checked checked_{};
};

const CheckedCase& case_of(const CheckedNode& node, const std::string& part, const std::string& device = "GPU-h0") {
  static const CheckedCase none;
  const auto found = std::ranges::find_if(node.cases, [&](const CheckedCase& one) {
    return one.key.case_name.find(part) != std::string::npos && one.key.device == device;
  });
  EXPECT_NE(found, node.cases.end()) << part;
  return found == node.cases.end() ? none : *found;
}

/// A case of that name that is no longer in the run.
gpubench::Run without(gpubench::Run run, const std::string& part) {
  std::erase_if(run.results, [&](const CaseResult& row) { return row.name.find(part) != std::string::npos; });
  return run;
}

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

TEST_F(Check, AnAcceptedLevelIsWhatNightsAreJudgedAgainst) {
  past(10);
  for (int day = 10; day < 14; ++day) add(known_, example::night_run(day, 1.02), "past.json");
  for (std::size_t i = 0; i < known_.series.size(); ++i)
    known_.levels[i] = {{.start = example::start_of_night(10), .reason = "driver"}};
  EXPECT_EQ(judged(example::night_run(14, 1.02)).verdict, Verdict::ok);
  EXPECT_EQ(judged(example::night_run(14, 1.04)).verdict, Verdict::undecided);
}

TEST_F(Check, WhatAnAcceptedLevelHasNoNightOfIsNotMissing) {
  past(12);
  for (std::size_t i = 0; i < known_.series.size(); ++i)
    if (known_.series[i].key.case_name.starts_with("memory"))
      known_.levels[i] = {{.start = example::start_of_night(12), .reason = "dropped"}};
  EXPECT_EQ(judged(without(example::night_run(12), "memory")).exit_status, 0);
}

TEST_F(Check, RunsOfOneAfternoonAreToldApart) {
  gpubench::Run before = example::night_run(0, 1, 5), after = example::night_run(0, 1.02, 5);
  after.context.start = example::start_of_night(0, 1);
  add(known_, before, "before.json");
  EXPECT_EQ(judged(after).verdict, Verdict::regression);
}

TEST_F(Check, OfSeveralNightsTheLastIsJudged) {
  past(12);
  const Checked checked = check({example::night_run(12), example::night_run(13, 1.02)});
  ASSERT_EQ(checked.nodes.size(), 1U);
  EXPECT_EQ(checked.nodes[0].night, "20261114T020000Z");
  EXPECT_EQ(checked.nodes[0].verdict, Verdict::undecided);
  EXPECT_THAT(checked.nodes[0].notes.back(), HasSubstr("several nights"));
}

TEST_F(Check, ARunThatTheHistoryHasAlreadyIsNoPastOfItself) {
  past(8);
  add(known_, example::night_run(8, 1.02), "tonight.json");
  EXPECT_EQ(case_of(judged(example::night_run(8, 1.02)), "gemm").nights, 8);
}

TEST_F(Check, TheWorstNodeComesFirst) {
  past(12);
  gpubench::Run other = example::night_run(12);
  other.context.host.name = "node-a";
  const Checked checked = check({other, example::night_run(12, 1.02)});
  ASSERT_EQ(checked.nodes.size(), 2U);
  EXPECT_EQ(checked.nodes[0].node, "node-h");
  EXPECT_EQ(checked.nodes[1].sentence, "no_history: node-a, not in the baseline");
  EXPECT_EQ(checked.exit_status(), 3);
}

TEST_F(Check, AFolderAndAHistoryOfTheSameFilesSayTheSame) {
  const TemporaryFolder folder;
  example::write_nights(folder / "nights", 12);
  const Archive files = archive_of(folder / "nights");
  History history(folder / "nights.db", History::Access::write);
  for (int day = 11; day >= 0; --day) history.add(example::night_run(day), "run.json");
  for (const double slower : {1.0, 1.02}) {
    Archive one = files, other = history.read({.contexts = true});
    const gpubench::Run run = example::night_run(12, slower);
    add(one, run, "tonight.json");
    add(other, run, "tonight.json");
    const Checked a = check_nights(one, {identity_of(run.context)}),
                  b = check_nights(other, {identity_of(run.context)});
    EXPECT_EQ(check_text(a, 120), check_text(b, 120));
    EXPECT_EQ(to_json(a), to_json(b));
    EXPECT_EQ(a.exit_status(), slower > 1 ? 3 : 0);
  }
}

TEST_F(Check, TheJsonKeepsToItsSchema) {
  past(12, 5);
  gpubench::Run run = without(example::night_run(12, 1.02, 5), "memory");
  run.results.push_back(example::not_run(example::training("tf32", 0), Status::unsupported, "this GPU has no TF32"));
  run.results[1].finding = Finding{.verdict = "degraded", .reason = "power brake"};
  (void)judged(run);
  checked_.broken = {"x.json: empty"};
  EXPECT_THAT(schema_problems(to_json(checked_), check_schema()), ElementsAre());
  Json wrong = to_json(checked_);
  wrong["nodes"][0]["cases"][0]["usual"] = -1;
  EXPECT_FALSE(schema_problems(wrong, check_schema()).empty());
}

TEST_F(Check, ReadsLikeThis) {
  past(12, 5);
  gpubench::Run run = example::night_run(12, 1, 5);
  for (CaseResult& row : run.results)
    if (row.device == "cuda:1" && row.run_name.starts_with("gemm"))
      for (auto& [figure, value] : row.figures) value /= 1.024;
  run.context.gpus->driver = "590.10.01";
  run.results.push_back(example::not_run(example::training("tf32", 0), Status::unsupported, "this GPU has no TF32"));
  (void)judged(run);
  expect_golden(check_text(checked_, 120), "history/check.txt");
  expect_golden(check_text(checked_, 80), "history/check_80.txt");
}

}  // namespace
}  // namespace gpubench
