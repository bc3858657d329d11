#include "reports/verdict/confirmation.hpp"

#include <gtest/gtest.h>

namespace gpubench {
namespace {

using Answer = Paired::Answer;

/// n positive differences around `middle`, but for `negative` small negative ones at the front.
std::vector<double> differences(int n, double middle, int negative = 0) {
  std::vector<double> values;
  for (int i = 0; i < n; ++i) values.push_back(i < negative ? -0.01 * (i + 1) : middle + 0.01 * (i - n / 2.0));
  return values;
}

TEST(Confirmation, SixPairsEndItWhereNothingIsToBeSeen) {
  EXPECT_EQ(judge_pairs(differences(6, 0.05), 12, false).answer, Answer::same) << "less than 0.1 %";
  const std::vector<double> even{1.5, -0.4, 0.9, -1.6, 0.8, -0.3};
  EXPECT_GT(judge_pairs(even, 12, false).percent, 0.1);
  EXPECT_GT(judge_pairs(even, 12, false).p, 0.25);
  EXPECT_EQ(judge_pairs(even, 12, false).answer, Answer::same);
  EXPECT_EQ(judge_pairs(differences(6, 0.5), 12, false).answer, Answer::more);
}

TEST(Confirmation, BeforeTheFirstLookNothingIsSaid) {
  EXPECT_EQ(judge_pairs(differences(5, 0.05), 12, false).answer, Answer::more);
  EXPECT_EQ(judge_pairs(differences(7, 0.05), 16, false).answer, Answer::more);
  EXPECT_EQ(judge_pairs(differences(8, 0.05), 16, false).answer, Answer::same);
}

TEST(Confirmation, TwelvePairsDecide) {
  const Paired slower = judge_pairs(differences(12, 1), 12, false);
  EXPECT_EQ(slower.answer, Answer::slower);
  EXPECT_DOUBLE_EQ(slower.p, 1.0 / 4096);
  EXPECT_NEAR(slower.percent, 1, 0.02);
  ASSERT_TRUE(slower.interval);
  EXPECT_LT(slower.interval->low, slower.percent);
  EXPECT_GT(slower.interval->high, slower.percent);
  EXPECT_EQ(slower.pairs, 12);
  EXPECT_EQ(judge_pairs(differences(12, 0.25), 12, false).answer, Answer::undecided) << "sure, and below 0.3 %";
}

TEST(Confirmation, ProbabilityLiesAtThreeOfAThousand) {
  // Negative ranks 1, 2: p = 3/4096 or less; 1 ... 4 (sum 10): 43/4096 = 0.0105.
  EXPECT_EQ(judge_pairs(differences(12, 1, 2), 12, false).answer, Answer::slower);
  const Paired unsure = judge_pairs(differences(12, 1, 4), 12, false);
  EXPECT_NEAR(unsure.p, 43.0 / 4096, 1e-9);
  EXPECT_EQ(unsure.answer, Answer::undecided);
  EXPECT_EQ(judge_pairs(differences(12, 1, 6), 12, false).answer, Answer::same) << "21 below: p 0.088";
}

TEST(Confirmation, LostPairsLeaveTheLimitsAsTheyAre) {
  EXPECT_EQ(judge_pairs(differences(5, 3), 12, true).answer, Answer::undecided);
  EXPECT_EQ(judge_pairs(differences(8, 3), 12, true).answer, Answer::undecided) << "1/256 is the least p of eight";
  EXPECT_EQ(judge_pairs(differences(9, 3), 12, true).answer, Answer::slower);
  EXPECT_EQ(judge_pairs({}, 12, true).answer, Answer::undecided);
}

TEST(Confirmation, ForTheBetterIsTheSameRuleUpsideDown) {
  std::vector<double> values = differences(12, 1);
  for (double& value : values) value = -value;
  const Paired told = judge_faster(values, 12, false);
  EXPECT_EQ(told.answer, Answer::faster);
  EXPECT_NEAR(told.percent, -1, 0.02);
  ASSERT_TRUE(told.interval);
  EXPECT_LT(told.interval->low, told.percent);
  EXPECT_GT(told.interval->high, told.percent);
  EXPECT_EQ(judge_faster(differences(12, 1), 12, false).answer, Answer::same);
}

}  // namespace
}  // namespace gpubench
