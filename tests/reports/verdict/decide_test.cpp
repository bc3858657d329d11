#include "reports/verdict/decide.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gpubench {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using Answer = Paired::Answer;

Evidence suspected() {
  Evidence evidence;
  evidence.screened = {
      .answer = Screened::Answer::suspect, .why = Screened::Why::step, .nights = 28, .percent = 2, .z = 5};
  return evidence;
}

/// With a pinned build: B against A, and A against its past.
Evidence judged(Answer code, double code_percent, bool node_slower) {
  Evidence evidence = suspected();
  evidence.has_pinned = true;
  const Interval around{.low = code_percent - 0.1, .high = code_percent + 0.2};
  evidence.paired = Paired{.answer = code, .p = 0.001, .percent = code_percent, .interval = around, .pairs = 12};
  evidence.pinned = {.known = true, .slower = node_slower, .percent = node_slower ? 2.5 : 0.1, .z = 4};
  evidence.own = {.known = true, .slower = true, .percent = 2.4, .z = 6};
  return evidence;
}

TEST(Decide, SlowerAndTheNodeTheSameIsTheCode) {
  const Decision told = decide(judged(Answer::slower, 2, false));
  EXPECT_EQ(told.verdict, Verdict::regression);
  EXPECT_EQ(told.standing, Standing::suspect);
  ASSERT_EQ(told.said.size(), 1U);
  EXPECT_EQ(told.said[0].sentence, "+2.00 % against the pinned build (+1.90 to +2.20), 12 pairs, p 0.0010");
  EXPECT_EQ(decide(judged(Answer::slower, 0.86, false)).verdict, Verdict::regression);
  EXPECT_EQ(decide(judged(Answer::slower, 0.84, false)).verdict, Verdict::watch);
}

TEST(Decide, AWatchOfTwoBuildsIsARegression) {
  Evidence evidence = judged(Answer::slower, 0.5, false);
  evidence.watched = true;
  EXPECT_EQ(decide(evidence).verdict, Verdict::regression);
  EXPECT_THAT(decide(evidence).said[0].sentence, EndsWith("an earlier build was found slower, too"));
}

TEST(Decide, TheSameAndTheNodeSlowerIsDegradedOnItsSecondNight) {
  Evidence evidence = judged(Answer::same, 0.02, true);
  const Decision first = decide(evidence);
  EXPECT_EQ(first.verdict, Verdict::environment);
  EXPECT_EQ(first.standing, Standing::suspect);
  EXPECT_EQ(first.said[0].sentence,
            "the node is slower by 2.50 % with both builds: degraded if it is so on the next night");
  evidence.pending = true;
  const Decision second = decide(evidence);
  EXPECT_EQ(second.verdict, Verdict::degraded);
  EXPECT_EQ(second.standing, Standing::suspect);
  EXPECT_EQ(second.said[0].percent, 2.5);
  evidence.pending = false, evidence.last_night = Verdict::degraded;
  EXPECT_EQ(decide(evidence).verdict, Verdict::degraded) << "it stays so";
}

TEST(Decide, ChangedConditionsAreTheFirstSuspect) {
  Evidence evidence = judged(Answer::same, 0.02, true);
  evidence.pending = true;
  evidence.changed = "driver 580.65 -> 580.82";
  const Decision told = decide(evidence);
  EXPECT_EQ(told.verdict, Verdict::environment);
  EXPECT_EQ(told.said[0].sentence,
            "the node is slower by 2.50 % with both builds; changed since: driver 580.65 -> 580.82");
  EXPECT_EQ(told.standing, Standing::environment);
}

TEST(Decide, AStateThatTheNodeKnowsIsNoFault) {
  Evidence evidence = judged(Answer::same, 0.02, true);
  evidence.pending = true;
  evidence.as_slow_before = 3;
  EXPECT_EQ(decide(evidence).verdict, Verdict::environment);
  EXPECT_THAT(decide(evidence).said[0].sentence, HasSubstr("3 earlier launches were as slow"));
  evidence.as_slow_before = 2;
  EXPECT_EQ(decide(evidence).verdict, Verdict::degraded);
}

TEST(Decide, LaunchesAsFastAsBeforeAreAModeAndNoFault) {
  Evidence evidence = judged(Answer::same, 0.02, true);
  evidence.pending = true;
  evidence.fast_again = 1, evidence.launches = 12;
  EXPECT_EQ(decide(evidence).verdict, Verdict::environment);
  EXPECT_THAT(decide(evidence).said[0].sentence, HasSubstr("1 of 12 launches were as fast as before"));
}

TEST(Decide, BothAreToldEachWithItsSize) {
  Evidence evidence = judged(Answer::slower, 2, true);
  evidence.pending = true;
  const Decision told = decide(evidence);
  ASSERT_EQ(told.said.size(), 2U);
  EXPECT_EQ(told.verdict, Verdict::regression);
  EXPECT_EQ(told.said[0].percent, 2);
  EXPECT_EQ(told.said[1].verdict, Verdict::degraded);
  EXPECT_EQ(told.said[1].percent, 2.5);
  evidence.paired->interval->low = 0.5;  // the node fails, the code is watched
  EXPECT_EQ(decide(evidence).verdict, Verdict::degraded);
  EXPECT_EQ(decide(evidence).said[1].verdict, Verdict::watch);
}

TEST(Decide, TheSameAndTheSameIsTheEnvironment) {
  Evidence evidence = judged(Answer::same, 0.02, false);
  evidence.own = {.known = true, .slower = false, .percent = 0.1, .z = 0.5};
  const Decision told = decide(evidence);
  EXPECT_EQ(told.verdict, Verdict::environment);
  EXPECT_EQ(told.standing, Standing::environment);
  EXPECT_EQ(told.said[0].sentence, "+2.00 % in the night's launches, +0.10 % when measured again");
  evidence.environment_nights = 6;
  EXPECT_THAT(decide(evidence).said[0].sentence,
              EndsWith("7 nights in a row: accept it as the new level, or find its cause"));
}

TEST(Decide, ThePinnedBuildsPastAloneIsNotEnough) {
  Evidence evidence = judged(Answer::same, 0.02, true);  // slower than when pinned, as on every night since
  evidence.own = {.known = true, .slower = false, .percent = 0.1, .z = 0.5};
  evidence.pending = true;
  EXPECT_EQ(decide(evidence).verdict, Verdict::environment);
}

TEST(Decide, UndecidedIsCarried) {
  const Decision told = decide(judged(Answer::undecided, 0.6, false));
  EXPECT_EQ(told.verdict, Verdict::undecided);
  EXPECT_EQ(told.standing, Standing::suspect);
  EXPECT_THAT(told.said[0].sentence, EndsWith("carried to the next night"));
  EXPECT_EQ(decide(suspected()).verdict, Verdict::undecided) << "nobody measured it again";
  EXPECT_EQ(decide(suspected()).said[0].sentence, "+2.00 %, z 5.0; not confirmed yet: carried to the next night");
}

TEST(Decide, WithoutAPinnedBuildTheNightBeforeDecides) {
  Evidence evidence = suspected();
  evidence.own = {.known = true, .slower = true, .percent = 2.4, .z = 6};
  EXPECT_EQ(decide(evidence).verdict, Verdict::environment);
  EXPECT_EQ(decide(evidence).standing, Standing::suspect);
  evidence.pending = true;
  const Decision told = decide(evidence);
  EXPECT_EQ(told.verdict, Verdict::degraded);
  EXPECT_EQ(told.said[0].sentence, "the node is slower by 2.40 % with this build, as on the night before");
  evidence.own.slower = false;
  EXPECT_EQ(decide(evidence).verdict, Verdict::environment);
}

TEST(Decide, PeersTellTheNodeFromWhatMovesAll) {
  Evidence evidence = suspected();
  evidence.own = {.known = true, .slower = true, .percent = 2.4, .z = 6};
  evidence.pending = true;
  evidence.peers = {.measured = 4, .showing = 3};
  EXPECT_EQ(decide(evidence).verdict, Verdict::environment);
  EXPECT_THAT(decide(evidence).said[0].sentence, HasSubstr("3 of 4 peers show it, too"));
  evidence.peers.showing = 2;
  EXPECT_EQ(decide(evidence).verdict, Verdict::degraded);
  evidence.pending = false, evidence.peers.showing = 0;
  Rules rules;
  rules.peers_alone = true;
  EXPECT_EQ(decide(evidence, rules).verdict, Verdict::degraded);
  rules.peers_alone = false;
  EXPECT_EQ(decide(evidence, rules).verdict, Verdict::environment);
  rules.peers_alone = true, evidence.peers.showing = 1;
  EXPECT_EQ(decide(evidence, rules).verdict, Verdict::environment);
  evidence.peers.showing = 0, evidence.peers.measured = 2;
  EXPECT_EQ(decide(evidence, rules).verdict, Verdict::environment);
}

TEST(Decide, WhatCannotBeSeenIsNotPassedInSilence) {
  Evidence evidence;
  evidence.screened = {.answer = Screened::Answer::quiet, .detectable = 2};
  EXPECT_EQ(decide(evidence).verdict, Verdict::ok);
  EXPECT_EQ(decide(evidence).said[0].sentence, "a change of 2.0 % would be seen");
  evidence.screened.detectable = 2.1;
  EXPECT_EQ(decide(evidence).verdict, Verdict::insensitive);
  EXPECT_EQ(decide(evidence).standing, Standing::accepted);
  evidence.screened = {.answer = Screened::Answer::no_history, .why_not = "3 accepted nights, 8 are needed"};
  EXPECT_EQ(decide(evidence).verdict, Verdict::no_history);
  EXPECT_EQ(decide(evidence).said[0].sentence, "3 accepted nights, 8 are needed");
}

TEST(Decide, ARegressionStaysOpen) {
  Evidence evidence = suspected();
  evidence.last_night = Verdict::regression;
  EXPECT_EQ(decide(evidence).verdict, Verdict::regression);
  EXPECT_EQ(decide(evidence).said[0].sentence, "open, still +2.00 %");
  evidence.screened.answer = Screened::Answer::quiet;
  EXPECT_EQ(decide(evidence).verdict, Verdict::ok);
}

TEST(Decide, TheEnvironmentOfLastNightIsNotAskedForAgainUnlessItGotSlower) {
  Evidence evidence = suspected();
  evidence.last_night = Verdict::environment;
  EXPECT_EQ(decide(evidence).verdict, Verdict::environment);
  EXPECT_EQ(decide(evidence).standing, Standing::environment);
  evidence.slower_since = true;
  EXPECT_EQ(decide(evidence).verdict, Verdict::undecided);
  evidence.slower_since = false, evidence.pending = true;
  EXPECT_EQ(decide(evidence).verdict, Verdict::undecided) << "it was promised to be looked at";
}

TEST(Decide, ForTheBetterNeedsTheSameProof) {
  Evidence evidence = judged(Answer::faster, -2, false);
  evidence.screened.answer = Screened::Answer::faster;
  EXPECT_EQ(decide(evidence).verdict, Verdict::improvement);
  evidence.paired->answer = Answer::same;
  EXPECT_EQ(decide(evidence).verdict, Verdict::environment);
  EXPECT_EQ(decide(evidence).standing, Standing::faster);
  evidence.paired.reset(), evidence.own.known = false;
  EXPECT_EQ(decide(evidence).verdict, Verdict::ok);
  EXPECT_EQ(decide(evidence).standing, Standing::faster);
}

TEST(Verdict, NamesAreReadBackAndExitStatusesAreDesigns) {
  for (int i = 0; i <= static_cast<int>(Verdict::ok); ++i) {
    const auto verdict = static_cast<Verdict>(i);
    EXPECT_EQ(verdict_named(name(verdict)), verdict);
    const bool fails = verdict == Verdict::regression || verdict == Verdict::degraded;
    EXPECT_EQ(exit_status_of(verdict), fails ? 1 : verdict == Verdict::undecided ? 3 : 0) << name(verdict);
  }
  EXPECT_FALSE(verdict_named("fine"));
}

}  // namespace
}  // namespace gpubench
