#include "reports/verdict/common_mode.hpp"

#include <gtest/gtest.h>

#include "tests/reports/verdict/example_series.hpp"

namespace gpubench {
namespace {

TEST(CommonMode, SlopeIsTheShrunkRegressionByHand) {
  const std::vector<double> g{1, -1, 1, -1}, half{0.5, -0.5, 0.5, -0.5}, none{0, 0, 0, 0}, thrice{3, -3, 3, -3};
  // (sum r g + l/2) / (sum g^2 + l) with sum g^2 = 4, l = 1.2
  EXPECT_DOUBLE_EQ(common_slope(half, g), (2 + 0.6) / 5.2);
  EXPECT_DOUBLE_EQ(common_slope(g, g), (4 + 0.6) / 5.2);
  EXPECT_DOUBLE_EQ(common_slope(none, g), 0.6 / 5.2);
  EXPECT_DOUBLE_EQ(common_slope(thrice, g), 1.6) << "and no steeper";
  EXPECT_DOUBLE_EQ(common_slope(std::vector<double>{-9, 9, -9, 9}, g), 0) << "nor backwards";
}

TEST(CommonMode, SlopeIsOfWhatMovesNotOfTheLevel) {
  const std::vector<double> g{1, -1, 1, -1}, moved{6, 4, 6, 4};
  EXPECT_DOUBLE_EQ(common_slope(g, moved), common_slope(g, g));
}

TEST(CommonMode, OneWildNightIsClipped) {
  const std::vector<double> g{1, -1, 1, -1, 1, -1, 1, -1};
  std::vector<double> r{0.1, -0.1, 0.1, -0.1, 0.1, -0.1, 0.1, -0.1};
  r[0] = 100;  // counts as 4 x 1.4826 x 0.1
  EXPECT_NEAR(common_slope(r, g), (0.59304 + 0.7 + 1.2) / 10.4, 1e-9);
}

TEST(CommonMode, ANodeThatNeverMovedGivesNothingToFollow) {
  EXPECT_DOUBLE_EQ(common_slope(std::vector<double>{1, -1}, std::vector<double>{0, 0}), 0);
}

TEST(CommonMode, IsTheMedianOverSentinelsByNight) {
  std::vector<Series> history;
  std::vector<Window> windows;
  std::vector<Sentinel> sentinels;
  for (int i = 0; i < 6; ++i) history.push_back(series_of("gemm/x", {10, 10, 10 + 0.1 * i}));
  history[5].past[1].standing = Standing::suspect;  // five are left on that night: too few
  for (const Series& series : history) windows.push_back(window_of(series, 0, 28));
  for (const Window& window : windows) sentinels.push_back({&window, 10, 12});
  const CommonMode told = common_mode(sentinels);
  EXPECT_TRUE(told.known);
  EXPECT_DOUBLE_EQ(told.tonight, 2);
  EXPECT_EQ(told.at("n0000"), 0.0);
  EXPECT_FALSE(told.at("n0001"));
  EXPECT_NEAR(told.at("n0002").value_or(9), 0.25, 1e-12);
  EXPECT_FALSE(told.at("n0003"));
  EXPECT_NEAR(told.at("n0000", 0.0).value_or(9), 0, 1e-12);
  EXPECT_NEAR(told.at("n0002", history[5].past[2].launches[0] - 10).value_or(9), 0.2, 1e-12) << "without its own 0.5";
  EXPECT_NEAR(told.at("n0002", 0.0).value_or(9), 0.3, 1e-12);
}

TEST(CommonMode, SentinelsAreComputeBound) {
  for (const char* name : {"gemm/bf16/a", "conv/bf16/b", "train/resnet50/c"}) EXPECT_TRUE(is_sentinel(name)) << name;
  for (const char* name : {"memory/a", "launch/a", "allreduce/a", "h2d/a", "gemmish/a", ""})
    EXPECT_FALSE(is_sentinel(name)) << name;
}

}  // namespace
}  // namespace gpubench
