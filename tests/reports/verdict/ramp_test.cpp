#include "reports/verdict/ramp.hpp"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "reports/verdict/screen.hpp"
#include "tests/reports/verdict/example_series.hpp"

namespace gpubench {
namespace {

/// 14 nights of +-0.2 around 50, then `newer`.
Series risen(const std::vector<double>& newer) {
  auto nights = alternating(14, 50, 0.2);
  nights.insert(nights.end(), newer.begin(), newer.end());
  return series_of("memory/x", nights);
}
const double unit = 1.03 * 0.2 * std::sqrt(1 + std::numbers::pi / 28);
const std::vector<double> two_above(14, 50 + 2 * unit);

TEST(Cusum, SumsWhatIsAboveTheSlackByHand) {
  const Series series = risen(two_above);
  const Cusum told = cusum(window_of(series, 0, 56), 50 + 2 * unit);
  EXPECT_NEAR(told.sum, 15 * (2 - 0.75), 1e-9);
  EXPECT_TRUE(told.suspect);
  EXPECT_EQ(told.frozen_from, 14U + 2U) << "1.25, 2.5, then 3.75 is above 3";
}

TEST(Cusum, OneNightCountsNoMoreThanFour) {
  const Series series = risen(std::vector<double>(14, 50));
  EXPECT_NEAR(cusum(window_of(series, 0, 56), 90).sum, 4 - 0.75, 1e-9);
}

TEST(Cusum, ComesToRestAndStaysUnfrozen) {
  auto newer = two_above;
  for (std::size_t i = 4; i < newer.size(); ++i) newer[i] = 50;
  const Series series = risen(newer);
  const Cusum told = cusum(window_of(series, 0, 56), 50);
  EXPECT_EQ(told.sum, 0);
  EXPECT_EQ(told.frozen_from, 28U);
}

TEST(Cusum, StartsAgainWhereTheCodeWasFoundTheSame) {
  Series series = risen(two_above);
  SeriesNight looked_at = night_of(9000, {51});
  looked_at.standing = Standing::environment, looked_at.verdict = Verdict::environment;
  series.past.push_back(looked_at);
  const Cusum told = cusum(window_of(series, 0, 56), 50 + 2 * unit);
  EXPECT_NEAR(told.sum, 1.25, 1e-9);
  EXPECT_EQ(told.frozen_from, 28U);
}

TEST(Cusum, WantsEightOlderNights) {
  const Series series = series_of("memory/x", alternating(15, 50, 0.2));
  EXPECT_EQ(cusum(window_of(series, 0, 56), 90).sum, 0);
}

TEST(Cusum, ARampDoesNotPullItsOwnLevelUp) {
  std::vector<double> nights = alternating(28, 50, 0.1);
  for (int i = 1; i <= 14; ++i) nights.push_back(50 + 0.1 * i + (i % 2 == 0 ? 0.1 : -0.1));
  const std::vector<Series> history{series_of("memory/x", nights)};
  const auto told = screen_night(history, std::vector<SeriesNight>{night_of(9999, {51.5})}).cases[0];
  EXPECT_EQ(told.answer, Screened::Answer::suspect);
  EXPECT_GT(told.percent, 1.2) << "with the rise in the window it would be less";
}

TEST(Drift, IsAWeekAgainstTwoWeeksFourWeeksBefore) {
  std::vector<double> nights(14, 50.0);
  nights.resize(35, 50.5);  // 21 nights on the way
  for (int i = 0; i < 6; ++i) nights.push_back(51.2);
  const Series series = series_of("memory/x", nights);
  const Window window = window_of(series, 0, 56);
  EXPECT_NEAR(drift(window, 51.2, 0.1).value_or(0), 1.2, 1e-9);
  EXPECT_FALSE(drift(window, 51.2, 0.6)) << "4 x 1.25 x 0.6 x sqrt(1/7 + 1/14) = 1.39: chance";
  EXPECT_FALSE(drift(window_of(series_of("memory/x", std::vector<double>(40, 50.0)), 0, 56), 60, 0.1)) << "too short";
}

TEST(Drift, BelowOnePercentIsNone) {
  std::vector<double> nights(35, 50.0);
  for (int i = 0; i < 6; ++i) nights.push_back(50.9);
  EXPECT_FALSE(drift(window_of(series_of("memory/x", nights), 0, 56), 50.9, 0.1));
}

}  // namespace
}  // namespace gpubench
