#include "harness/devices/cpu/cpu_device.hpp"

#include <chrono>
#include <cstring>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace gpubench {
namespace {

/// Sleeps a known time a run.
class Sleeper : public Kernel {
 public:
  explicit Sleeper(std::chrono::milliseconds per_run) : per_run_(per_run) {}
  double memory_bytes() const override { return 0; }
  void allocate(Progress&) override {}
  void enqueue(int runs) override {
    runs_ += runs;
    std::this_thread::sleep_for(per_run_ * runs);
  }
  Verification verify(bool, Progress&) override { return {}; }
  int runs() const { return runs_; }

 private:
  std::chrono::milliseconds per_run_;
  int runs_ = 0;
};

TEST(CpuPlace, ASampleIsTheTimeOfOneRun) {
  CpuPlace place;
  Sleeper sleeper(std::chrono::milliseconds(10));
  const std::vector<double> seconds = place.time(sleeper, 3, 4);
  ASSERT_EQ(seconds.size(), 4U);
  EXPECT_EQ(sleeper.runs(), 12);
  for (const double one : seconds) EXPECT_GE(one, 0.010);
}

TEST(CpuDevice, SaysWhatItIs) {
  const DeviceInfo info = CpuDevice().info();
  EXPECT_EQ(info.id, "cpu");
  EXPECT_GE(info.cores, 1);
  EXPECT_GT(info.memory_bytes, 1e8);
  ASSERT_EQ(info.libraries.size(), 1U);
  const Library& onednn = info.libraries[0];
  EXPECT_NE(onednn.missing.empty(), onednn.version.empty()) << "it has a version, or a sentence why it is missing";
}

TEST(CpuDevice, PeakMemorySeesWhatWasTaken) {
  CpuDevice device;
  device.reset_peak_memory();
  const auto before = device.peak_memory();
  if (!before) GTEST_SKIP() << "the high-water mark cannot be reset here";
  std::vector<char> taken(64U << 20U);
  std::memset(taken.data(), 1, taken.size());
  EXPECT_GT(device.peak_memory().value(), *before + 60e6);
}

TEST(CpuDevice, WatchCoversItsWindow) {
  CpuDevice device;
  const auto watch = device.watch();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const Watch::Seen seen = watch->stop();
  EXPECT_TRUE(seen.readings.contains("others_cpu_share"));
  EXPECT_TRUE(seen.readings.contains("involuntary_switches"));
}

TEST(CpuDevice, MemoryThatIsAvailableIsLessThanThereIs) {
  CpuDevice device;
  EXPECT_GT(device.available_memory(), 0);
  EXPECT_LT(device.available_memory(), device.info().memory_bytes);
}

}  // namespace
}  // namespace gpubench
