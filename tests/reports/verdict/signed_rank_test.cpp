#include "reports/verdict/signed_rank.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "reports/verdict/robust.hpp"

namespace gpubench {
namespace {

double p(const std::vector<double>& differences) { return signed_rank_p(differences); }

TEST(SignedRank, AllOfSixPositiveAreOneOfSixtyFour) {
  EXPECT_DOUBLE_EQ(p({1, 2, 3, 4, 5, 6}), 1.0 / 64);
  EXPECT_DOUBLE_EQ(p({-1, -2, -3, -4, -5, -6}), 1.0);
}

TEST(SignedRank, TheRanksOfTheNegativeOnesCount) {
  // Sums of 3 or less out of 1 ... 8: none, 1, 2, 3, 1 + 2.
  EXPECT_DOUBLE_EQ(p({1, 2, -3, 4, 5, 6, 7, 8}), 5.0 / 256);
  EXPECT_DOUBLE_EQ(p({-1, -2, 3, 4, 5, 6, 7, 8}), 5.0 / 256);
}

TEST(SignedRank, TwelveAreDecidedByTheTable) {
  // The published critical value of 12 at 0.005 one-sided is 7: P(T <= 7) = 19/4096, P(T <= 8) = 25/4096.
  EXPECT_NEAR(p({1, 2, 3, 4, 5, 6, -7, 8, 9, 10, 11, 12}), 19.0 / 4096, 1e-12);
  EXPECT_NEAR(p({1, 2, 3, 4, 5, 6, 7, -8, 9, 10, 11, 12}), 25.0 / 4096, 1e-12);
}

TEST(SignedRank, EqualSizesShareTheirRankAndZerosAreNoEvidence) {
  EXPECT_DOUBLE_EQ(p({1, 1, -1}), 4.0 / 8);  // ranks 2, 2, 2: two or three positive
  EXPECT_DOUBLE_EQ(p({0, 0, 1, 2}), 1.0 / 4);
  EXPECT_DOUBLE_EQ(p({}), 1);
  EXPECT_DOUBLE_EQ(p({0, 0}), 1);
}

TEST(SignedRank, TheMiddleIsTheMedianOfMeansOfPairs) {
  // 1, 1.5, 2, 2.5, 3, 4
  EXPECT_DOUBLE_EQ(walsh_median(std::vector<double>{1, 4, 2}), 2.25);
}

TEST(SignedRank, OneOutlierDoesNotMoveTheMiddleFar) {
  EXPECT_LT(walsh_median(std::vector<double>{0.1, -0.1, 0.05, -0.05, 0, 50}), 0.2);
}

TEST(SignedRank, TheIntervalEndsAtOrderStatisticsOfTheMeans) {
  // Eight: P(T <= 3) = 5/256 is below 0.025, P(T <= 4) = 7/256 is above: the 4th of 1, 1.5, 2, 2, ...
  const auto told = walsh_interval(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8}, 0.95);
  ASSERT_TRUE(told);
  EXPECT_DOUBLE_EQ(told->low, 2);
  EXPECT_DOUBLE_EQ(told->high, 7);
}

TEST(SignedRank, SixAreTheFewestForAnInterval) {
  EXPECT_FALSE(walsh_interval(std::vector<double>{1, 2, 3, 4, 5}, 0.95));
  const auto six = walsh_interval(std::vector<double>{1, 2, 3, 4, 5, 9}, 0.95);
  ASSERT_TRUE(six);
  EXPECT_DOUBLE_EQ(six->low, 1);
  EXPECT_DOUBLE_EQ(six->high, 9);
}

TEST(Robust, ANightIsTheLowerQuartileOfItsLaunches) {
  EXPECT_DOUBLE_EQ(night_value(std::vector<double>{7}), 7);
  EXPECT_DOUBLE_EQ(night_value(std::vector<double>{2, 1}), 1.25);
  EXPECT_DOUBLE_EQ(night_value(std::vector<double>{10, 3, 1, 2}), 1.75);
}

TEST(Robust, MedianOfEvenAndOdd) {
  std::vector<double> odd{3, 1, 2}, even{4, 1, 3, 2};
  EXPECT_DOUBLE_EQ(median_in_place(odd), 2);
  EXPECT_DOUBLE_EQ(median_in_place(even), 2.5);
}

TEST(Robust, TwiceTheTimeIsTheSameAsHalfTheRate) {
  EXPECT_NEAR(log_percent(2) - log_percent(1), 69.3147, 1e-4);
  EXPECT_NEAR(log_percent_of_rate(1) - log_percent_of_rate(2), 69.3147, 1e-4);
}

TEST(Robust, DeviationAndRootMeanSquareByHand) {
  std::vector<double> scratch;
  const std::vector<double> values{-3, -1, 0, 1, 100};
  EXPECT_DOUBLE_EQ(deviation_around(values, 0, scratch), 1.4826);
  EXPECT_DOUBLE_EQ(clipped_rms(values, 3), std::sqrt((9 + 1 + 0 + 1 + 9) / 5.0));
}

}  // namespace
}  // namespace gpubench
