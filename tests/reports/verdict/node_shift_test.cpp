#include "reports/verdict/node_shift.hpp"

#include <numbers>

#include <gtest/gtest.h>

#include "tests/reports/verdict/example_series.hpp"

namespace gpubench {
namespace {

const Screened quiet{.answer = Screened::Answer::suspect, .nights = 28, .level = 50, .spread = 0.2};

TEST(NodeShift, ThePinnedBuildIsJudgedAgainstItsOwnLaunches) {
  const PinnedLaunches stored{.launches = {49, 50, 51}};
  const NodeShift told = pinned_shift(std::vector<double>{51, 52, 90}, stored, quiet);
  EXPECT_TRUE(told.known);
  EXPECT_DOUBLE_EQ(told.percent, 2);
  EXPECT_DOUBLE_EQ(told.z, 2 / (0.2 * std::numbers::sqrt2));
  EXPECT_TRUE(told.slower);
  EXPECT_FALSE(pinned_shift(std::vector<double>{50.7}, stored, quiet).slower) << "z 2.47, 0.7 %";
  EXPECT_TRUE(pinned_shift(std::vector<double>{50.8}, stored, quiet).slower);
  Screened wide = quiet;
  wide.spread = 1;
  EXPECT_FALSE(pinned_shift(std::vector<double>{53.5}, stored, wide).slower) << "z 2.47, 3.5 %";
}

TEST(NodeShift, WhatTheWholeNodeDidIsLeftOut) {
  Screened common = quiet;
  common.common = 1.5;
  EXPECT_DOUBLE_EQ(pinned_shift(std::vector<double>{52}, {.launches = {50}}, common).percent, 0.5);
}

TEST(NodeShift, WithoutLaunchesNothingIsKnown) {
  EXPECT_FALSE(pinned_shift(std::vector<double>{52}, {}, quiet).known);
  EXPECT_FALSE(pinned_shift({}, {.launches = {50}}, quiet).known);
  EXPECT_FALSE(own_shift({}, 2, quiet).known);
  EXPECT_FALSE(own_shift(std::vector<double>{52}, 2, Screened{}).known) << "no history";
}

TEST(NodeShift, LaunchesAreValuedAsNightsAre) {
  // Nights of two: lower quartiles 51.25, 52.25, 53.25 of the pairs.
  const std::vector<double> launches{51, 52, 53, 52, 53, 54};
  EXPECT_DOUBLE_EQ(own_shift(launches, 2, quiet).percent, 2.25);
  EXPECT_DOUBLE_EQ(own_shift(launches, 1, quiet).percent, 2.5);
  EXPECT_TRUE(own_shift(launches, 2, quiet).slower);
  EXPECT_DOUBLE_EQ(own_shift(std::vector<double>{50, 50, 60, 60}, 2, quiet).percent, 5)
      << "each launch is of one night";
}

TEST(NodeShift, AStateThatTheNodeWasInBeforeIsFound) {
  Series series = series_of("allreduce/x", {50, 53, 50, 53, 53.5});
  const std::vector<double> tonight{52.9, 53, 53.1};
  EXPECT_EQ(launches_as_slow(tonight, series, 0), 3);
  series.past[4].standing = Standing::suspect;  // not known yet what that was
  EXPECT_EQ(launches_as_slow(tonight, series, 0), 2);
  series.past[4].standing = Standing::environment;
  EXPECT_EQ(launches_as_slow(tonight, series, 0), 3);
  EXPECT_EQ(launches_as_slow(tonight, series, 1), 0) << "of an older level";
}

TEST(NodeShift, FastLaunchesKeepToAQuarterOfTheChange) {
  EXPECT_EQ(fast_launches(std::vector<double>{50.1, 50.49, 50.51, 52}, 2, quiet), 2);
  EXPECT_EQ(fast_launches({}, 2, quiet), 0);
}

TEST(NodeShift, ConditionsThatChangedAreNamed) {
  EXPECT_EQ(changed_conditions({{"driver", "1"}, {"VBIOS", "a"}, {"NCCL", "2"}}, {{"driver", "2"}, {"VBIOS", "b"}}),
            "VBIOS a -> b, driver 1 -> 2");
  EXPECT_EQ(changed_conditions({{"driver", "1"}}, {{"driver", "1"}, {"CUDA", "13"}}), "");
}

}  // namespace
}  // namespace gpubench
