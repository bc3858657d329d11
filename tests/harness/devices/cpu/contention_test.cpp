#include "harness/devices/cpu/contention.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/devices/cpu/file_tree.hpp"

namespace gpubench::cpu {
namespace {

constexpr int ours[] = {0, 2};

TEST(MachineLoad, CountsOnlyAllowedProcessors) {
  FileTree machine;
  machine.write("proc/stat",
                "cpu  999 0 0 999 0 0 0 0 0 0\n"
                "cpu0 100 0 50 800 50 0 0 0 0 0\n"
                "cpu1 900 0 0 100 0 0 0 0 0 0\n"
                "cpu2 10 20 30 900 0 0 0 40 5 0\n"
                "intr 1 2 3\n");
  const Load load = machine_load(machine.root(), ours, 100);
  EXPECT_DOUBLE_EQ(load.total_seconds, 20);
  EXPECT_DOUBLE_EQ(load.busy_seconds, 1.5 + 1.0) << "waiting for a disk is idle, time stolen by the host is busy";
  EXPECT_EQ(load.pressure_seconds, std::nullopt);
}

TEST(MachineLoad, ReadsPressure) {
  FileTree machine;
  machine.write("proc/pressure/cpu", "some avg10=0.00 avg60=0.00 avg300=0.00 total=2500000\nfull avg10=0.00 total=7\n");
  EXPECT_DOUBLE_EQ(machine_load(machine.root(), ours, 100).pressure_seconds.value(), 2.5);
}

TEST(Contention, IsWhatWeDidNotUseOurselves) {
  const Load before{.busy_seconds = 10, .total_seconds = 100, .own_seconds = 3, .involuntary_switches = 5};
  const Load after{.busy_seconds = 18.4, .total_seconds = 120, .own_seconds = 9, .involuntary_switches = 12};
  const Watch::Seen seen = contention(before, after);
  EXPECT_NEAR(seen.readings.at("others_cpu_share"), 0.12, 1e-12);
  EXPECT_EQ(seen.readings.at("involuntary_switches"), 7);
  EXPECT_THAT(seen.labels, testing::ElementsAre("contended: others used 12 % of the CPU"));
}

TEST(Contention, BelowFivePercentIsNoLabel) {
  const Watch::Seen seen = contention({}, {.busy_seconds = 14.9, .total_seconds = 100, .own_seconds = 10});
  EXPECT_NEAR(seen.readings.at("others_cpu_share"), 0.049, 1e-12);
  EXPECT_THAT(seen.labels, testing::IsEmpty());
}

TEST(Contention, OfAWindowWithoutATickIsUnknown) {
  EXPECT_FALSE(contention({}, {.own_seconds = 0.001}).readings.contains("others_cpu_share"));
}

TEST(Contention, IsNeverNegative) {
  EXPECT_EQ(
      contention({}, {.busy_seconds = 1, .total_seconds = 10, .own_seconds = 1.02}).readings.at("others_cpu_share"), 0);
}

TEST(Contention, OwnLoadGrowsWithWork) {
  Load before, after;
  add_own_load(before);
  volatile double sum = 0;
  for (int i = 0; i < 20000000; ++i) sum = sum + i;
  add_own_load(after);
  EXPECT_GT(after.own_seconds, before.own_seconds);
}

}  // namespace
}  // namespace gpubench::cpu
