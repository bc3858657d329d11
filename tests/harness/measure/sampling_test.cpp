#include "harness/measure/sampling.hpp"

#include <gtest/gtest.h>

#include "tests/harness/clockwork.hpp"
#include "tests/kernels/silent.hpp"

namespace gpubench {
namespace {

struct Taken {
  Sampled sampled{};
  double spent = 0;
};
Taken taken(double seconds_of_run, double budget) {
  Clockwork device(seconds_of_run);
  Nothing nothing;
  Silent silent;
  Taken taken{.sampled = sample(nothing, device, {.budget_seconds = budget}, 0, silent)};
  taken.spent = device.spent;
  return taken;
}

TEST(Sampling, BatchesOfShortRunsLastTwentyMilliseconds) {
  const Taken got = taken(0.001, 60);
  EXPECT_EQ(got.sampled.runs_per_sample, 20);
  EXPECT_GE(got.sampled.seconds.size(), 100U);  // two seconds of them
  EXPECT_EQ(got.sampled.settle.outcome, "steady");
}

TEST(Sampling, ASmallBudgetIsKept) {
  for (const double seconds : {0.00001, 0.001, 0.004}) {
    const Taken got = taken(seconds, 0.2);
    EXPECT_LT(got.spent, 1.6 * 0.2) << seconds;
    EXPECT_GE(got.sampled.seconds.size(), 15U) << seconds << ": its batches are shorter, not its samples fewer";
  }
}

TEST(Sampling, SixSamplesWinOverTheBudget) {
  EXPECT_EQ(taken(0.05, 0.1).sampled.seconds.size(), 6U);
  EXPECT_EQ(taken(0.5, 0.1).sampled.seconds.size(), 6U);
}

TEST(Sampling, LongRunsAreOneASample) {
  const Taken got = taken(0.5, 60);
  EXPECT_EQ(got.sampled.runs_per_sample, 1);
  EXPECT_EQ(got.sampled.seconds.size(), 6U);
  EXPECT_EQ(got.sampled.settle.outcome, "short");
}

}  // namespace
}  // namespace gpubench
