#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/harness/app/end_to_end.hpp"

// What becomes of a case, whatever it does: from the command line to the run file.

namespace gpubench {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Outcomes : public EndToEnd {};

TEST_F(Outcomes, ACaseThatRunsHasItsSamplesInTheRunFile) {
  const auto run = measured({"--suite", "good"}, 0);
  EXPECT_EQ(run.results.size(), 5U);
  EXPECT_TRUE(run.complete);
  const CaseResult row = row_of(run, "ok/n2");
  EXPECT_EQ(row.status, Status::ok);
  EXPECT_EQ(row.suite, "good");
  EXPECT_DOUBLE_EQ(row.median_seconds, 0.2);
  EXPECT_GE(row.samples_seconds.size(), 6U);
  EXPECT_EQ(run.context.devices.size(), 1U);
  EXPECT_THAT(ended_.out, HasSubstr("ran 5, unsupported 0, failed 0"));
}

TEST_F(Outcomes, TheRunFileHoldsWhatTheDriverSaysOfGpus) {
  const auto run = measured({"--suite", "good"}, 0, {{"FAKE_GPUS", "1"}});
  ASSERT_TRUE(run.context.gpus);
  EXPECT_EQ(run.context.gpus->driver, "580.65.06");
  EXPECT_FALSE(run.context.gpus->gpus.at(0).pcie.under_load);  // doctor's business
  const auto without = measured({"--suite", "good", "--force"}, 0);
  EXPECT_FALSE(without.context.gpus);
  EXPECT_NE(without.context.digest, run.context.digest);  // its power limit is known now
}

TEST_F(Outcomes, EachStatusIsReachedAndOneBadCaseCostsNoOther) {
  const auto run = measured({"--suite", "bad"}, 1);
  EXPECT_EQ(row_of(run, "/ok/").status, Status::ok);
  EXPECT_EQ(row_of(run, "/wrong/").status, Status::wrong_result);
  EXPECT_EQ(row_of(run, "/wrong/").median_seconds, 0);
  EXPECT_EQ(row_of(run, "/throw/").status, Status::failed);
  EXPECT_THAT(row_of(run, "/throw/").reason, StartsWith("the fake is broken"));
  EXPECT_EQ(row_of(run, "/memory/").status, Status::failed);
  EXPECT_THAT(row_of(run, "/memory/").reason, HasSubstr("out of memory"));
  EXPECT_EQ(row_of(run, "/greedy/").status, Status::unsupported);
  EXPECT_EQ(row_of(run, "/late-unsupported/").reason, "this plan does not exist");
  EXPECT_EQ(row_of(run, "/unsupported/").reason, "fakes cannot");
}

TEST_F(Outcomes, AWorkerThatDiesCostsItsCaseAndTheNextOneGoesOn) {
  const auto run = measured({"--suite", "deadly"}, 3);
  EXPECT_EQ(run.results.size(), 5U);
  EXPECT_EQ(row_of(run, "/ok/").status, Status::ok);
  EXPECT_EQ(row_of(run, "/chatter/").status, Status::ok);
  EXPECT_EQ(row_of(run, "/kill/").status, Status::failed);
  EXPECT_EQ(row_of(run, "/kill/").reason, "killed by signal 9 (SIGKILL)");
  EXPECT_THAT(row_of(run, "/abort/").reason, "killed by signal 6 (SIGABRT); its last words: the sky is falling");
  EXPECT_EQ(row_of(run, "/odd/").reason, "something was thrown that is no exception");
}

TEST_F(Outcomes, AWorkerThatFallsSilentIsTimedOutWithWhatItWasDoing) {
  const auto run = measured({"--suite", "silent"}, 3);
  EXPECT_EQ(row_of(run, "/hang/").status, Status::timed_out);
  EXPECT_EQ(row_of(run, "/hang/").reason, "no sign of life for 1 s while verifying");
  EXPECT_EQ(row_of(run, "/ok/").status, Status::ok);
  EXPECT_EQ(row_of(run, "/chatter/").status, Status::ok);
}

TEST_F(Outcomes, AfterALostDeviceTheRestGetsAnotherWorker) {
  const auto run = measured({"--suite", "lost"}, 3);
  EXPECT_EQ(row_of(run, "/lost/").status, Status::failed);
  EXPECT_THAT(row_of(run, "/lost/").reason, StartsWith("the fake has fallen off the bus"));
  EXPECT_EQ(row_of(run, "/ok/").status, Status::ok);
  EXPECT_EQ(row_of(run, "/chatter/").status, Status::ok);
}

TEST_F(Outcomes, ADeviceThatIsLostTwiceRunsNothingMore) {
  const auto run = measured({"--suite", "lost-thrice"}, 3);
  std::map<Status, int> count;
  for (const CaseResult& row : run.results) {
    ++count[row.status];
    EXPECT_EQ(row.status == Status::not_run, row.reason == "fake:0 was lost twice");
  }
  EXPECT_EQ(count[Status::failed], 2);
  EXPECT_EQ(count[Status::not_run], 1);
}

TEST_F(Outcomes, ADeviceThatIsGoneIsAFindingAndExitsOne) {
  const auto run = measured({"--suite", "good", "--case", "n1"}, 1, {{"FAKE_MARK", (folder_ / "mark").string()}});
  ASSERT_EQ(run.results.size(), 1U);
  EXPECT_EQ(run.results[0].status, Status::not_run);
  ASSERT_TRUE(run.results[0].finding);
  EXPECT_EQ(run.results[0].finding->verdict, "gone");
}

TEST_F(Outcomes, CasesThatWantAWorkerOfTheirOwnGetOne) {
  const auto run = measured({"--suite", "alone"}, 3);
  EXPECT_EQ(row_of(run, "/kill/").status, Status::failed);
  EXPECT_EQ(row_of(run, "/ok/").status, Status::ok);
  EXPECT_EQ(row_of(run, "/chatter/").status, Status::ok);
}

TEST_F(Outcomes, ALaunchIsARepetition) {
  const auto run = measured({"--suite", "good", "--case", "n1", "--launches", "3"}, 0);
  ASSERT_EQ(run.results.size(), 3U);
  for (int launch = 0; launch < 3; ++launch) {
    EXPECT_EQ(run.results[static_cast<std::size_t>(launch)].launch, launch);
    EXPECT_EQ(run.results[static_cast<std::size_t>(launch)].launches, 3);
  }
}

TEST_F(Outcomes, OnSeveralDevicesTheNameSaysWhich) {
  const auto run = measured({"--suite", "good", "--case", "n1", "--device", "all"}, 0, {{"FAKE_DEVICES", "2"}});
  ASSERT_EQ(run.results.size(), 2U);
  std::set<std::string> names;
  for (const CaseResult& row : run.results) {
    names.insert(row.name);
    EXPECT_EQ(row.run_name, "fake/fp32/ok/n1/faker");
  }
  EXPECT_TRUE(names.contains("fake/fp32/ok/n1/faker@fake:1"));
}

TEST_F(Outcomes, WhatALibraryPrintsGoesToStandardErrorAndNotToTheTable) {
  const auto run = measured({"--suite", "lost", "--case", "chatter"}, 0);
  EXPECT_THAT(ended_.err, HasSubstr("a library speaks"));
  EXPECT_THAT(ended_.out, ::testing::Not(HasSubstr("a library speaks")));
  EXPECT_EQ(run.results.size(), 1U);
}

TEST_F(Outcomes, EverythingUnsupportedIsNotASuccess) { measured({"--suite", "none"}, 3); }

TEST_F(Outcomes, UnsupportedIsNoFailureUnlessTheCaseWasNamedInFull) {
  measured({"--suite", "slow", "--case", "(ok|/unsupported)/"}, 0);
  std::ofstream(folder_ / "names") << "fake/fp32/ok/n0/faker\nfake/fp32/unsupported/n0/faker\n";
  EXPECT_EQ(run({"--cases-from", "names", "--out", "other.json"}).status, 3);
}

TEST_F(Outcomes, AStaleBackEndIsASentenceAndTheOthersGoOn) {
  const auto run = measured({"--suite", "good", "--case", "n1"}, 0, {{"FAKE_BACKENDS", "stale,missing,fake"}});
  ASSERT_EQ(run.context.absent.size(), 2U);
  EXPECT_THAT(run.context.absent[0], HasSubstr("does not belong to this program"));
  EXPECT_EQ(run.context.absent[1], "missing: not built");
}

TEST_F(Outcomes, OfABackEndsVersionsTheFirstWithDevicesIsTaken) {
  const auto run = measured({"--suite", "good", "--case", "n1"}, 0, {{"FAKE_BACKENDS", "fake13,fake2,fake"}});
  EXPECT_EQ(run.context.devices.size(), 1U);
  EXPECT_EQ(run.context.absent, std::vector<std::string>{"fake13: not built"});
}

TEST_F(Outcomes, AutoLeavesTheOtherBackEndsAloneOnceOneHasDevices) {
  const Environment two{{"FAKE_BACKENDS", "fake,stale"}};
  EXPECT_TRUE(measured({"--suite", "good", "--case", "n1"}, 0, two).context.absent.empty());
  EXPECT_EQ(measured({"--suite", "good", "--case", "n1", "--device", "all", "--force"}, 0, two).context.absent.size(),
            1U);
}

}  // namespace
}  // namespace gpubench
