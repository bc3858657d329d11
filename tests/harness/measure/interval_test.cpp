#include "harness/measure/interval.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace gpubench {
namespace {

TEST(Interval, StudentsTIsThatOfTheTables) {
  EXPECT_DOUBLE_EQ(student_t_975(1), 12.706);
  EXPECT_DOUBLE_EQ(student_t_975(4), 2.776);
  EXPECT_DOUBLE_EQ(student_t_975(30), 2.042);
  EXPECT_NEAR(student_t_975(31), 2.0395, 5e-4);
  EXPECT_NEAR(student_t_975(60), 2.0003, 5e-4);
  EXPECT_NEAR(student_t_975(1000000), 1.96, 5e-5);
}

TEST(Interval, OfThreeLaunchesIsTheOneByHand) {
  // ln: -0.1, 0, 0.1; mean 0, standard deviation 0.1, its error 0.1 / sqrt(3) = 0.057735, times t(2) = 4.303: 0.248434
  const std::vector<double> medians = {std::exp(-0.1), 1, std::exp(0.1)};
  const auto interval = interval_over_launches(medians);
  ASSERT_TRUE(interval);
  EXPECT_NEAR(interval->low, 0.780021, 1e-5);
  EXPECT_NEAR(interval->high, 1.282017, 1e-5);
}

TEST(Interval, OfFiveLaunchesIsTheOneByHand) {
  // ln 2 + {-2, -1, 0, 1, 2} / 100; standard deviation 0.0158114, error 0.00707107, times t(4) = 2.776: 0.0196293
  std::vector<double> medians;
  for (int i = -2; i <= 2; ++i) medians.push_back(2 * std::exp(i / 100.0));
  const auto interval = interval_over_launches(medians);
  ASSERT_TRUE(interval);
  EXPECT_NEAR(interval->low, 2 * 0.980562, 1e-5);
  EXPECT_NEAR(interval->high, 2 * 1.019823, 1e-5);
}

TEST(Interval, OfRatesIsThatOfTimesUpsideDown) {
  const std::vector<double> times = {1.0, 1.1, 1.3, 0.9}, rates = {1 / 1.0, 1 / 1.1, 1 / 1.3, 1 / 0.9};
  const auto of_times = interval_over_launches(times), of_rates = interval_over_launches(rates);
  ASSERT_TRUE(of_times && of_rates);
  EXPECT_NEAR(of_rates->low, 1 / of_times->high, 1e-12);
  EXPECT_NEAR(of_rates->high, 1 / of_times->low, 1e-12);
}

TEST(Interval, ThereIsNoneBelowThreeLaunches) {
  EXPECT_FALSE(interval_over_launches(std::vector<double>{}));
  EXPECT_FALSE(interval_over_launches(std::vector<double>{1, 1}));
}

TEST(Interval, ThereIsNoneWhereATimeIsNotAbove0) {
  EXPECT_FALSE(interval_over_launches(std::vector<double>{1, 0, 1}));
  EXPECT_FALSE(interval_over_launches(std::vector<double>{1, std::nan(""), 1}));
  EXPECT_FALSE(interval_over_launches(std::vector<double>{1, INFINITY, 1}));
}

TEST(Interval, EqualLaunchesLeaveNoWidth) {
  const auto interval = interval_over_launches(std::vector<double>{2, 2, 2});
  ASSERT_TRUE(interval);
  EXPECT_NEAR(interval->low, 2, 1e-12);
  EXPECT_NEAR(interval->high, 2, 1e-12);
}

TEST(Interval, ARatioIsPairedByLaunch) {
  // The launches differ by far more than the ratio does: paired, that cancels.
  const std::vector<double> fp32 = {1.0, 2.0, 4.0}, amp = {0.5, 1.0, 2.0};
  const auto interval = ratio_interval_over_launches(fp32, amp);
  ASSERT_TRUE(interval);
  EXPECT_NEAR(interval->low, 2, 1e-12);
  EXPECT_NEAR(interval->high, 2, 1e-12);
}

}  // namespace
}  // namespace gpubench
