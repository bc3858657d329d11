#include <vector>

#include <gtest/gtest.h>

#include "harness/devices/cuda/clock_probe.hpp"

namespace gpubench::cuda {
namespace {

constexpr std::uint64_t ms = 1'000'000;

TEST(ClockBetween, EachMultiprocessorIsComparedWithItself) {
  const std::vector<ClockReading> before{{.cycles = 5'000'000'000, .nanoseconds = 10 * ms},
                                         {.cycles = 7, .nanoseconds = 10 * ms}};
  const std::vector<ClockReading> after{{.cycles = 5'030'000'000, .nanoseconds = 30 * ms},
                                        {.cycles = 30'000'007, .nanoseconds = 30 * ms}};
  EXPECT_DOUBLE_EQ(clock_between(before, after).value(), 1.5e9);
}

TEST(ClockBetween, OneThatWasNotReadBothTimesIsLeftOut) {
  const std::vector<ClockReading> before{{}, {.cycles = 1, .nanoseconds = ms}, {.cycles = 1, .nanoseconds = ms}};
  const std::vector<ClockReading> after{
      {.cycles = 90'000'000, .nanoseconds = 3 * ms}, {.cycles = 2'000'001, .nanoseconds = 3 * ms}, {}};
  EXPECT_DOUBLE_EQ(clock_between(before, after).value(), 1e9);
}

TEST(ClockBetween, ATimeAsShortAsTheTimersStepsTellsNothing) {
  const std::vector<ClockReading> before{{.cycles = 1, .nanoseconds = ms}};
  EXPECT_FALSE(clock_between(before, std::vector<ClockReading>{{.cycles = 900'000, .nanoseconds = ms + ms / 2}}));
  EXPECT_TRUE(clock_between(before, std::vector<ClockReading>{{.cycles = 900'000, .nanoseconds = 2 * ms}}));
  EXPECT_FALSE(clock_between({}, {}));
}

}  // namespace
}  // namespace gpubench::cuda
