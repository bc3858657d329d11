#include "harness/measure/sampling.hpp"

#include <cmath>

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

TEST(Sampling, ADeviceIsSettledWhenItsClockAndPowerAre) {
  const auto settled = [](std::vector<Condition> conditions) {
    Clockwork device(0.001);
    device.conditions = std::move(conditions);
    Nothing nothing;
    Silent silent;
    return sample(nothing, device, {.budget_seconds = 60}, 0, silent).settle;
  };
  const Condition warm{.clock_hertz = 1.5e9, .watts = 600};
  EXPECT_EQ(settled({warm}).outcome, "steady");
  std::vector<Condition> falling, heating;  // until the time-out
  for (int i = 0; i < 100; ++i) {
    falling.push_back({.clock_hertz = 1.98e9 * std::pow(0.99, i), .watts = 600});
    heating.push_back({.clock_hertz = 1.5e9, .watts = 100 * std::pow(1.05, i)});
  }
  EXPECT_EQ(settled(falling).outcome, "timed out");
  EXPECT_EQ(settled(heating).outcome, "timed out");
  std::vector<Condition> comes_to_rest(falling.begin(), falling.begin() + 4);
  comes_to_rest.push_back(warm);
  const Settle rest = settled(comes_to_rest);
  EXPECT_EQ(rest.outcome, "steady");
  EXPECT_GT(rest.seconds, settled({warm}).seconds);
}

TEST(Sampling, ToLookAtClockAndPowerWinsOverTheBudget) {
  Clockwork device(0.001);
  device.conditions = {{.clock_hertz = 1.5e9, .watts = 600}};
  Nothing nothing;
  Silent silent;
  const Sampled got = sample(nothing, device, {.budget_seconds = 2.5}, 0, silent);
  EXPECT_EQ(got.settle.outcome, "steady");
  EXPECT_LT(device.spent, 8);
  EXPECT_GE(got.seconds.size() * static_cast<std::size_t>(got.runs_per_sample), 1000U);
}

TEST(Sampling, AColdRunIsASampleOfItsOwn) {
  struct Cold : Nothing {
    bool runs_cold() const override { return true; }
  };
  Clockwork device(1e-5);
  Cold cold;
  Silent silent;
  const Sampled got = sample(cold, device, {.budget_seconds = 0.2}, 0, silent);
  EXPECT_EQ(got.runs_per_sample, 1);
  EXPECT_GE(got.seconds.size(), 20U);
}

}  // namespace
}  // namespace gpubench
