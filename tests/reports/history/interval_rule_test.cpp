#include "reports/history/interval_rule.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "harness/measure/interval.hpp"

namespace gpubench {
namespace {

/// Five launches around `middle`, 0.1 % and 0.2 % to both sides: standard deviation sqrt(0.1 / 4).
std::vector<double> launches(double middle, double times = 1) {
  return {middle - 0.2 * times, middle - 0.1 * times, middle, middle + 0.1 * times, middle + 0.2 * times};
}

Verdict verdict(double slower, double times = 1) {
  return judge_by_interval(launches(500, times), launches(500 + slower, times)).value().verdict;
}

TEST(IntervalRule, TheIntervalIsWelchsAt99Percent) {
  const ByInterval by = judge_by_interval(launches(500), launches(501)).value();
  EXPECT_NEAR(by.percent, 1, 1e-9);
  // Variance of a mean 0.025 / 5 on each side, 8 degrees of freedom: t 3.355.
  const double half = 3.355 * std::sqrt(2 * 0.025 / 5);
  EXPECT_NEAR(by.slower_percent.low, 1 - half, 1e-9);
  EXPECT_NEAR(by.slower_percent.high, 1 + half, 1e-9);
}

TEST(IntervalRule, OnlyTheWholeIntervalDecides) {
  // Half a width is 0.3355.
  EXPECT_EQ(verdict(1.1), Verdict::regression);
  EXPECT_EQ(verdict(1.05), Verdict::watch);
  EXPECT_EQ(verdict(0.65), Verdict::watch);
  EXPECT_EQ(verdict(0.6), Verdict::ok);
  EXPECT_EQ(verdict(0), Verdict::ok);
  EXPECT_EQ(verdict(-1.05), Verdict::ok);
  EXPECT_EQ(verdict(-1.1), Verdict::improvement);
}

TEST(IntervalRule, WhatIsTooNoisyToTellIsNotPassed) {
  EXPECT_EQ(verdict(0, 5), Verdict::ok);
  EXPECT_EQ(verdict(0, 7), Verdict::insensitive);
  EXPECT_EQ(verdict(10, 7), Verdict::regression);
}

TEST(IntervalRule, FiveLaunchesASideAreNeeded) {
  const auto all = launches(500);
  const std::vector<double> four(all.begin(), all.begin() + 4);
  EXPECT_TRUE(judge_by_interval(all, all));
  EXPECT_FALSE(judge_by_interval(four, all));
  EXPECT_FALSE(judge_by_interval(all, four));
}

TEST(StudentT, At99Percent) {
  EXPECT_EQ(student_t_995(1), 63.657);
  EXPECT_EQ(student_t_995(8), 3.355);
  EXPECT_EQ(student_t_995(30), 2.750);
  // Published: 2.704 at 40, 2.617 at 120.
  EXPECT_NEAR(student_t_995(40), 2.704, 6e-4);
  EXPECT_NEAR(student_t_995(120), 2.617, 6e-4);
}

}  // namespace
}  // namespace gpubench
