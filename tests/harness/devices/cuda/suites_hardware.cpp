#include <cstdlib>
#include <iostream>
#include <numeric>

#include <gtest/gtest.h>

#include <cuda_runtime_api.h>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/check.hpp"
#include "harness/devices/cuda/cuda_device.hpp"
#include "kernels/launch/cuda/count.hpp"
#include "kernels/launch/cuda/launch_kernel.hpp"
#include "kernels/memory/cuda/memory_kernel.hpp"
#include "tests/kernels/silent.hpp"

// What the tests with a runtime without a GPU take on trust: streams, events, graphs, clocks and lost devices of a real
// one.

namespace gpubench::cuda {
namespace {

CudaDevice first_device() { return {properties(1, std::getenv("CUDA_VISIBLE_DEVICES")).front(), {}}; }

TEST(HardwareSuites, EveryMemoryPassIsRightBeforeAndAfterTiming) {
  CudaDevice device = first_device();
  Silent silent;
  for (const MemoryLoop loop : all_memory_loops) {
    const MemoryPass pass{.loop = loop, .array_bytes = 4 << 20};
    std::vector<std::unique_ptr<Kernel>> kernels;
    kernels.push_back(gpubench_memory_kernel(pass, device));
    if (!ce_memory_why_not(pass)) kernels.push_back(ce_memory_kernel(pass, device));
    for (const auto& kernel : kernels) {
      kernel->allocate(silent);
      EXPECT_FALSE(kernel->verify(false, silent).mismatch);
      for (const double seconds : device.place().time(*kernel, 50, 4)) EXPECT_GT(seconds, 0);
      EXPECT_FALSE(kernel->verify(true, silent).mismatch);
    }
  }
}

TEST(HardwareSuites, EveryKernelOfAChainRunsByStreamAndByGraph) {
  CudaDevice device = first_device();
  Silent silent;
  for (const Launch::By by : {Launch::By::stream, Launch::By::graph})
    for (const Launch::Pattern pattern : {Launch::Pattern::round_trip, Launch::Pattern::chain}) {
      const auto kernel = make_launch_kernel(
          {.pattern = pattern, .by = by, .kernels = pattern == Launch::Pattern::chain ? 64 : 1}, device);
      kernel->allocate(silent);
      EXPECT_FALSE(kernel->verify(false, silent).mismatch);
      device.place().time(*kernel, 100, 3);
      EXPECT_FALSE(kernel->verify(true, silent).mismatch);
    }
}

/// Does nothing, on a device, perhaps after its caches were swept.
class Empty : public Kernel {
 public:
  Empty(CudaDevice& device, bool cold) : device_(device), cold_(cold) {}
  double memory_bytes() const override { return 0; }
  void allocate(Progress&) override {}
  bool runs_cold() const override { return cold_; }
  void enqueue(int runs) override {
    for (int i = 0; i < runs; ++i) count(device_.place().stream(), nullptr);
  }
  Verification verify(bool, Progress&) override { return {}; }

 private:
  CudaDevice& device_;
  bool cold_;
};

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

TEST(HardwareSuites, SweepingTheCachesIsNotInTheSample) {
  CudaDevice device = first_device();
  Empty warm(device, false), cold(device, true);
  device.place().time(warm, 1, 20);
  device.place().time(cold, 1, 20);
  const double difference = mean(device.place().time(cold, 1, 100)) - mean(device.place().time(warm, 1, 100));
  // A sweep of more than twice the cache takes tens of microseconds on anything there is.
  EXPECT_LT(difference, 10e-6);
}

TEST(HardwareSuites, TheClockIsOneThatAGpuCanHave) {
  const Properties properties = cuda::properties(1, std::getenv("CUDA_VISIBLE_DEVICES")).front();
  std::vector<double> clocks;
  CudaPlace place("cuda:0",
                  {{.ordinal = 0, .multiprocessors = properties.multiprocessors, .l2_bytes = properties.l2_bytes}},
                  [&](double hertz) { clocks.push_back(hertz); });
  struct Counting : Kernel {
    explicit Counting(CudaPlace& on) : place(on) {}
    double memory_bytes() const override { return 0; }
    void allocate(Progress&) override {}
    void enqueue(int runs) override {
      for (int i = 0; i < runs; ++i) count(place.stream(), nullptr);
    }
    Verification verify(bool, Progress&) override { return {}; }
    CudaPlace& place;
  } kernel(place);
  for (int i = 0; i < 3; ++i) place.time(kernel, 20'000, 1);  // some 40 ms
  ASSERT_FALSE(clocks.empty());
  for (const double hertz : clocks) {
    EXPECT_GT(hertz, 1e8);
    EXPECT_LT(hertz, 1.02 * properties.sm_hertz);
  }
}

// In a process of its own: nothing in it works afterwards.
TEST(HardwareLost, AnIllegalAddressEndsTheWorkerAndIsTheProgramsDoing) {
  int mode = cudaComputeModeDefault;
  check(cudaDeviceGetAttribute(&mode, cudaDevAttrComputeMode, 0), "cudaDeviceGetAttribute");
  if (mode != cudaComputeModeDefault) GTEST_SKIP() << "the GPU is one process's alone (compute mode)";
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        CudaDevice device = first_device();
        try {
          count(device.place().stream(), reinterpret_cast<std::uint64_t*>(8));
          check(cudaStreamSynchronize(device.place().stream()), "cudaStreamSynchronize");
        } catch (const DeviceLost& lost) {
          std::_Exit(lost.cause() == DeviceLost::Cause::program ? 7 : 8);
        } catch (const std::exception& error) {
          std::cerr << error.what() << '\n';
        }
        std::_Exit(9);
      },
      testing::ExitedWithCode(7),
      "");
}

}  // namespace
}  // namespace gpubench::cuda
