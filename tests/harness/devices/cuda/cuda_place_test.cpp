#include "harness/devices/cuda/cuda_place.hpp"

#include <gtest/gtest.h>

#include "harness/devices/cuda/emulator/clock.hpp"
#include "kernels/launch/cuda/count.hpp"
#include "tests/harness/devices/cuda/fake_runtime/fake_device.hpp"

namespace gpubench::cuda {
namespace {

const CudaPlace::Participant first{.ordinal = 0, .multiprocessors = 4, .l2_bytes = 1024};

/// A number of launches on each participant, each of which takes as long as the runtime says.
class Launches : public Kernel {
 public:
  Launches(CudaPlace& place, int launches, bool cold = false) : place_(place), launches_(launches), cold_(cold) {}
  double memory_bytes() const override { return 0; }
  void allocate(Progress&) override {}
  bool runs_cold() const override { return cold_; }
  void enqueue(int runs) override {
    for (int i = 0; i < runs * launches_; ++i)
      for (std::size_t who = 0; who < place_.participants(); ++who) count(place_.stream(who), nullptr);
  }
  Verification verify(bool, Progress&) override { return {}; }

 private:
  CudaPlace& place_;
  int launches_;
  bool cold_;
};

void ignore(double) {}
double launch_seconds() { return fake_cuda::Runtime::get().seconds; }
double now() { return emulator::device_clock.seconds; }

TEST(CudaPlace, ASampleIsTheDevicesTimeOfOneRun) {
  CudaPlace place("cuda:0", {first}, ignore);
  Launches kernel(place, 3);
  const std::vector<double> seconds = place.time(kernel, 2, 4);
  ASSERT_EQ(seconds.size(), 4U);
  for (const double one : seconds) EXPECT_NEAR(one, 3 * launch_seconds(), 1e-6);
}

TEST(CudaPlace, SweepingTheCachesIsInNoSample) {
  CudaPlace place("cuda:0", {first}, ignore);
  Launches warm(place, 1), cold(place, 1, true);
  place.time(warm, 1, 1);  // takes what a place takes
  place.time(cold, 1, 1);
  const double begin = now();
  place.time(warm, 1, 5);
  const double without = now() - begin;
  const std::vector<double> seconds = place.time(cold, 1, 5);
  EXPECT_NEAR(now() - begin - without, without + 5 * launch_seconds(), 1e-6) << "a sweep before each sample";
  for (const double one : seconds) EXPECT_NEAR(one, launch_seconds(), 1e-6);
}

TEST(CudaPlace, ASampleOfASetEndsWithTheLast) {
  fake_cuda::Runtime::get().devices = 2;
  {
    CudaPlace pair("cuda:0,cuda:1", {first, {.ordinal = 1, .multiprocessors = 4, .l2_bytes = 1024}}, ignore);
    Launches kernel(pair, 1);
    // The fake runs one after the other, so that both are in it.
    for (const double one : pair.time(kernel, 1, 3)) EXPECT_NEAR(one, 2 * launch_seconds(), 1e-6);
    Launches cold(pair, 1, true);
    for (const double one : pair.time(cold, 1, 3)) EXPECT_NEAR(one, 2 * launch_seconds(), 1e-6);
  }
  fake_cuda::Runtime::get().devices = 1;
}

TEST(CudaPlace, TellsTheClockOfEachBlock) {
  std::vector<double> clocks;
  CudaPlace place("cuda:0", {first}, [&](double hertz) { clocks.push_back(hertz); });
  Launches kernel(place, 1);
  emulator::device_clock.sm_hertz = 1.5e9;
  place.time(kernel, 1, 4);
  emulator::device_clock.sm_hertz = 1.2e9;
  place.time(kernel, 1, 4);
  emulator::device_clock.sm_hertz = 1e9;
  ASSERT_EQ(clocks.size(), 2U);
  EXPECT_NEAR(clocks[0], 1.5e9, 1e6);
  EXPECT_NEAR(clocks[1], 1.2e9, 1e6);
}

TEST(CudaPlace, WhatAnEarlierBlockReadIsNotTakenForThisOnes) {
  std::vector<double> clocks;
  CudaPlace place("cuda:0", {first}, [&](double hertz) { clocks.push_back(hertz); });
  Launches kernel(place, 1);
  place.time(kernel, 1, 4);
  fake_cuda::Runtime::get().lose_next_kernel = true;  // the one that reads before the samples
  place.time(kernel, 1, 4);
  EXPECT_EQ(clocks.size(), 1U);
}

TEST(CudaPlace, TakesNothingBeforeItIsUsed) {
  const std::size_t before = fake_cuda::Runtime::get().buffers.size();
  const CudaPlace place("cuda:0", {first}, ignore);
  EXPECT_EQ(fake_cuda::Runtime::get().buffers.size(), before);
}

}  // namespace
}  // namespace gpubench::cuda
