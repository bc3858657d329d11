#include "reports/statistics/ratio.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace gpubench {
namespace {

std::vector<Measured> launches(const std::vector<double>& values, int device = 0, int first_launch = 0) {
  std::vector<Measured> told;
  for (const double value : values) told.push_back({value, device, first_launch + static_cast<int>(told.size())});
  return told;
}

std::vector<Measured> devices(const std::vector<double>& values) {
  std::vector<Measured> told;
  for (const double value : values) told.push_back({value, static_cast<int>(told.size()), 0});
  return told;
}

std::vector<Measured> joined(std::vector<Measured> a, const std::vector<Measured>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(Ratio, OfThreeLaunchesASideIsTheOneByHand) {
  // ln: 0, 0.09531, 0.19062; variance of the mean 0.00302801 on both sides; 4 degrees of freedom, t = 2.776:
  // 2 exp(-+2.776 sqrt(0.00605602))
  const auto told = ratio_of_sides(launches({1, 1.1, 1.21}), launches({2, 2.2, 2.42}));
  EXPECT_DOUBLE_EQ(told.a, 1.1);
  EXPECT_DOUBLE_EQ(told.b, 2.2);
  EXPECT_DOUBLE_EQ(told.ratio, 2);
  ASSERT_TRUE(told.interval);
  EXPECT_EQ(told.over, SideRatio::Over::launches);
  EXPECT_NEAR(told.interval->low, 1.611423, 1e-5);
  EXPECT_NEAR(told.interval->high, 2.482278, 1e-5);
}

TEST(Ratio, DegreesOfFreedomAreWelchsRoundedDown) {
  // Variances of the means 0.00302801 (3 values) and 0.0000404504 (4 values): 2.05 degrees, so t(2) = 4.303
  const auto told = ratio_of_sides(launches({1, 1.1, 1.21}), launches({2, 2.02, 2.04, 2.06}));
  ASSERT_TRUE(told.interval);
  EXPECT_NEAR(told.interval->low, 1.453982, 1e-5);
  EXPECT_NEAR(told.interval->high, 2.342044, 1e-5);
}

TEST(Ratio, OfTimesIsThatOfRatesUpsideDown) {
  const auto times = ratio_of_sides(launches({1, 1.1, 1.3}), launches({2, 2.3, 2.1}));
  const auto rates = ratio_of_sides(launches({1 / 1.0, 1 / 1.1, 1 / 1.3}), launches({1 / 2.0, 1 / 2.3, 1 / 2.1}));
  EXPECT_NEAR(times.interval->low, 1 / rates.interval->high, 1e-12);
  EXPECT_NEAR(times.ratio, 1 / rates.ratio, 1e-12);
}

TEST(Ratio, FewerThanThreeLaunchesGiveNoIntervalAndSayWhy) {
  const auto told = ratio_of_sides(launches({1}), launches({2, 2.2, 2.4}));
  EXPECT_FALSE(told.interval);
  EXPECT_EQ(told.over, SideRatio::Over::none);
  EXPECT_EQ(told.why_none,
            "A has 1 launch, 1 device, B has 3 launches, 1 device; an interval needs 3 launches or 4 devices a side");
  EXPECT_DOUBLE_EQ(told.ratio, 2.2);
}

TEST(Ratio, FourDevicesASideAreTheUnit) {
  const auto told = ratio_of_sides(devices({1, 1.01, 0.99, 1}), devices({2, 2.02, 1.98, 2}));
  EXPECT_EQ(told.over, SideRatio::Over::devices);
  EXPECT_EQ(told.n_a, 4);
  ASSERT_TRUE(told.interval);
  EXPECT_LT(told.interval->low, 2);
  EXPECT_GT(told.interval->high, 2);
  EXPECT_EQ(ratio_of_sides(devices({1, 1.01, 0.99}), devices({2, 2.02, 1.98, 2})).over, SideRatio::Over::none);
}

TEST(Ratio, OfFewDevicesTheLaunchesCountNotHowFarDevicesLieApart) {
  // Two boards 10 % apart, each as steady as 0.1 %: the interval of these boards is narrow.
  const auto side = joined(launches({1, 1.001, 0.999}), launches({1.1, 1.101, 1.099}, 1, 3));
  const auto told = ratio_of_sides(side, side);
  ASSERT_TRUE(told.interval);
  EXPECT_LT(told.interval->high, 1.004);
  EXPECT_GT(told.interval->high, 1.0005);
}

TEST(Ratio, LaunchesOfEachDeviceShareOneVariance) {
  // ln: -0.01, 0, 0.01 around each of two boards; squares 4e-4 of 4 degrees of freedom; each board is half of the mean:
  // 1e-4 (0.5^2 / 3 + 0.5^2 / 3)
  const double up = std::exp(0.01);
  const LogMean mean = log_mean_over_launches(joined(launches({1, up, 1 / up}), launches({3, 3 * up, 3 / up}, 1, 3)));
  EXPECT_EQ(mean.freedom, 4);
  EXPECT_NEAR(mean.variance, 1e-4 / 6, 1e-10);
  EXPECT_NEAR(mean.mean, std::log(3) / 2, 1e-12);
}

TEST(Ratio, WhatSeveralDevicesSayInOneLaunchIsOneValue) {
  // The launch moves both boards alike: six values, but three launches.
  const auto together = joined(launches({1, 1.1, 1.21}), launches({1, 1.1, 1.21}, 1));
  const LogMean mean = log_mean_over_launches(together);
  EXPECT_EQ(mean.freedom, 2);
  EXPECT_NEAR(mean.variance, 0.00302801, 1e-8);
}

TEST(Ratio, EqualValuesHaveAnIntervalOfNoWidth) {
  const auto told = ratio_of_sides(launches({1, 1, 1}), launches({2, 2, 2}));
  ASSERT_TRUE(told.interval);
  EXPECT_DOUBLE_EQ(told.interval->low, 2);
  EXPECT_DOUBLE_EQ(told.interval->high, 2);
}

TEST(Ratio, TheGeometricMeanOfTwoAndEightIsFour) { EXPECT_DOUBLE_EQ(geometric_mean(std::vector<double>{2, 8}), 4); }

}  // namespace
}  // namespace gpubench
