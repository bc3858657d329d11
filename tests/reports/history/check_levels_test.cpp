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
