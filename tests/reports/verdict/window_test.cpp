#include "reports/verdict/window.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reports/verdict/example_series.hpp"

namespace gpubench {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;

TEST(Window, HasTheNewestAcceptedNightsOldestFirst) {
  Series series = series_of("gemm/x", {1, 2, 3, 4, 5});
  series.past[3].standing = Standing::suspect;
  const Window window = window_of(series, 0, 3);
  EXPECT_THAT(window.values, ElementsAre(2, 3, 5));
  EXPECT_THAT(window.nights, ElementsAre("n0001", "n0002", "n0004"));
  EXPECT_EQ(window.of_level, 3U);
}

TEST(Window, OlderLevelsLendTheirSpreadNotTheirLevel) {
  Series series = series_of("gemm/x", {1, 2, 3, 11, 12, 13, 50});
  for (std::size_t i = 3; i < 6; ++i) series.past[i].level = 1;
  series.past[6].level = 2;
  const Window window = window_of(series, 1, 10);  // of a level to come nothing is known yet
  EXPECT_THAT(window.values, ElementsAre(11, 12, 13, 11, 12, 13));
  EXPECT_EQ(window.of_level, 3U);
  EXPECT_THAT(window.level_values(), ElementsAre(11, 12, 13));
}

TEST(Window, RemembersWhereASuspicionWasCleared) {
  Series series = series_of("gemm/x", {1, 2, 3, 4});
  series.past[1].standing = Standing::environment;
  series.past[1].verdict = Verdict::environment;
  Window window = window_of(series, 0, 10);
  EXPECT_THAT(window.cleared, ElementsAre(false, true, false));
  EXPECT_FALSE(window.cleared_tonight);
  series.past[3] = series.past[1];
  window = window_of(series, 0, 10);
  EXPECT_THAT(window.cleared, ElementsAre(false, true));
  EXPECT_TRUE(window.cleared_tonight);
}

TEST(Window, SpreadOfLaunchesIsThatOfOneLaunch) {
  Series series = series_of("gemm/x", {});
  series.past = {night_of(0, {1, 3}), night_of(1, {5}), night_of(2, {10, 12})};
  // Each is 1 from its night's median; of two launches 2 / (2 - 1).
  EXPECT_THAT(launch_spread(series, 10), DoubleEq(std::sqrt(2.0)));
  EXPECT_THAT(launch_spread(series_of("gemm/x", {1, 2}), 10), DoubleEq(0));
}

TEST(Window, OneOutlierOfALaunchIsClipped) {
  Series series = series_of("gemm/x", {});
  series.past = {night_of(0, {0, 0, 100})};
  EXPECT_THAT(launch_spread(series, 10), DoubleEq(std::sqrt(6.0 * 6.0 / 3 * 1.5)));
}

}  // namespace
}  // namespace gpubench
