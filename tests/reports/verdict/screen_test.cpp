#include "reports/verdict/screen.hpp"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "tests/reports/verdict/example_series.hpp"

namespace gpubench {
namespace {

using Answer = Screened::Answer;

Screening screened(const std::vector<Series>& history, const std::vector<double>& tonight, int level = 0) {
  std::vector<SeriesNight> nights;
  for (const double value : tonight) {
    nights.push_back(night_of(9999, {value}));
    nights.back().level = level;
  }
  return screen_night(history, nights);
}
Screened one(const Series& series, double tonight, int level = 0) {
  return screened({series}, {tonight}, level).cases[0];
}

/// 28 nights +-0.2: s = 1.03 x 0.2, and a night's distance from their median has sqrt(1 + pi / 56) of it.
const double unit = 1.03 * 0.2 * std::sqrt(1 + std::numbers::pi / 56);
Series quiet() { return series_of("memory/x", alternating(28, 50, 0.2)); }

TEST(Screen, ZAndTheDetectableChangeAreTheOnesByHand) {
  const Screened told = one(quiet(), 51);
  EXPECT_EQ(told.answer, Answer::suspect);
  EXPECT_EQ(told.why, Screened::Why::step);
  EXPECT_EQ(told.nights, 28);
  EXPECT_NEAR(told.percent, 1, 1e-9);
  EXPECT_NEAR(told.spread, 0.206, 1e-9);
  EXPECT_NEAR(told.z, 1 / unit, 1e-9);
  EXPECT_NEAR(told.z, 4.7237, 1e-3);
  EXPECT_NEAR(told.detectable, 4.5 * unit, 1e-9);
}

TEST(Screen, SuspectsAboveBothLimitsOnly) {
  EXPECT_EQ(one(quiet(), 50 + 2.49 * unit).answer, Answer::quiet);
  EXPECT_EQ(one(quiet(), 50 + 2.51 * unit).answer, Answer::suspect);
  const Series silent = series_of("memory/x", alternating(28, 50, 0.01));  // s is 0.1 at least
  EXPECT_NEAR(one(silent, 50).spread, 0.1, 1e-12);
  EXPECT_EQ(one(silent, 50.39).answer, Answer::quiet);
  EXPECT_EQ(one(silent, 50.41).answer, Answer::suspect);
  EXPECT_EQ(one(quiet(), 50 - 2.51 * unit).answer, Answer::faster);
}

TEST(Screen, OneWildNightDoesNotBlindIt) {
  auto nights = alternating(28, 50, 0.2);
  nights[5] = 90;
  const Screened told = one(series_of("memory/x", nights), 51.2);  // it counts as three deviations
  EXPECT_EQ(told.answer, Answer::suspect);
  EXPECT_LT(told.spread, 0.35);
}

TEST(Screen, SuspectsAreNotWhatOthersAreJudgedAgainst) {
  Series series = series_of("memory/x", alternating(28, 50, 0.2));
  for (int i = 0; i < 20; ++i) {
    series.past.push_back(night_of(100 + i, {53}));
    series.past.back().standing = Standing::suspect;
  }
  EXPECT_NEAR(one(series, 53).percent, 3, 1e-9);
}

TEST(Screen, FewNightsAreNoHistory) {
  const Screened told = one(series_of("memory/x", alternating(7, 50, 0.2)), 60);
  EXPECT_EQ(told.answer, Answer::no_history);
  EXPECT_EQ(told.why_not, "7 accepted nights, 8 are needed");
  EXPECT_EQ(one(series_of("memory/x", alternating(8, 50, 0.2)), 60).answer, Answer::suspect);
}

TEST(Screen, AnAcceptedLevelIsJudgedAgainAfterThreeNightsWithTheOldSpread) {
  Series series = series_of("memory/x", alternating(28, 50, 0.2));
  for (int i = 0; i < 2; ++i) {
    series.past.push_back(night_of(100 + i, {60}));
    series.past.back().level = 1;
  }
  EXPECT_EQ(one(series, 60, 1).why_not, "2 nights since a new level was accepted, 3 are needed");
  series.past.push_back(night_of(102, {60}));
  series.past.back().level = 1;
  const Screened told = one(series, 60.1, 1);
  EXPECT_EQ(told.answer, Answer::quiet);
  EXPECT_NEAR(told.percent, 0.1, 1e-9);
  EXPECT_NEAR(told.spread, 0.206 * std::sqrt(25.0 / 28), 1e-9) << "25 older nights, and three that are alike";
}

TEST(Screen, ACaseNotMeasuredTonightSaysSo) {
  const Screening told = screen_night(std::vector<Series>{quiet()}, std::vector<SeriesNight>{night_of(9999, {})});
  EXPECT_EQ(told.cases[0].answer, Answer::no_history);
  EXPECT_EQ(told.cases[0].why_not, "not measured tonight");
}

TEST(Screen, SimilarCasesLendTheirSpreadWhereNightsAreFew) {
  std::vector<Series> history;
  std::vector<double> tonight;
  for (int i = 0; i < 8; ++i) {  // two by two as far apart from launch to launch
    history.push_back(series_of("memory/x", {}));
    for (int night = 0; night < 10; ++night) {
      const double middle = 50 + (night % 2 == 0 ? 1 : -1) * (i == 0 ? 0.1 : 0.3), apart = 0.2 * (i / 2 + 1);
      history.back().past.push_back(night_of(night, {middle - apart, middle + apart}));
    }
    tonight.push_back(50);
  }
  const auto told = screened(history, tonight);
  // The first two are alike: own spreads 0.103 and 0.309, whose median is 0.206; ten nights of each.
  EXPECT_NEAR(told.cases[0].spread, std::sqrt((0.206 * 0.206 + 0.103 * 0.103) / 2), 1e-6);
  EXPECT_NEAR(told.cases[2].spread, 0.309, 1e-6);
}

/// Sentinels that follow the node's clock, and one case more.
struct Node {
  std::vector<Series> history{};
  std::vector<double> tonight{};
};
Node node_with(int sentinels, double clock_tonight) {
  Node node;
  for (int i = 0; i < sentinels; ++i) {
    std::vector<double> nights;
    for (int night = 0; night < 28; ++night)
      nights.push_back(50 + 0.5 * std::sin(night) + 0.05 * std::cos(7 * night + i));
    node.history.push_back(series_of("gemm/x" + std::to_string(i), nights));
    node.tonight.push_back(50 + clock_tonight);
  }
  return node;
}

TEST(Screen, WhatTheWholeNodeDoesIsNoCasesFault) {
  Node node = node_with(6, 1.5);
  node.tonight[2] += 1;
  const auto told = screened(node.history, node.tonight);
  EXPECT_TRUE(told.suite.known);
  EXPECT_EQ(told.cases[0].answer, Answer::quiet);
  EXPECT_EQ(told.cases[2].answer, Answer::suspect);
  EXPECT_NEAR(told.cases[2].percent, 1, 0.3);
  EXPECT_NEAR(told.cases[2].common, 1.3, 0.05);
  EXPECT_NEAR(told.cases[2].level, 51.3, 0.1) << "what was to be expected tonight";
}

TEST(Screen, FiveSentinelsAreNoCommonModeAndItSaysSo) {
  const Node node = node_with(5, 1.5);
  const auto told = screened(node.history, node.tonight);
  EXPECT_FALSE(told.suite.known);
  EXPECT_EQ(told.suite.why_not, "5 compute-bound cases with a history, 6 are needed");
  EXPECT_EQ(told.cases[0].answer, Answer::suspect);
  EXPECT_EQ(told.cases[0].common, 0);
}

TEST(Screen, AShiftOfTheWholeSuiteIsSeenAsOne) {
  Node still = node_with(8, 0), shifted = node_with(8, 3);
  EXPECT_FALSE(screened(still.history, still.tonight).suite.suspect);
  const auto told = screened(shifted.history, shifted.tonight).suite;
  EXPECT_TRUE(told.suspect);
  EXPECT_NEAR(told.percent, 3, 0.2);
}

}  // namespace
}  // namespace gpubench
