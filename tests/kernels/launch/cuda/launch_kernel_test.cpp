#include "kernels/launch/cuda/launch_kernel.hpp"

#include <gmock/gmock.h>

#include "harness/devices/cuda/properties.hpp"
#include "tests/harness/devices/cuda/fake_runtime/fake_device.hpp"
#include "tests/kernels/silent.hpp"

namespace gpubench::cuda {
namespace {

using ::testing::HasSubstr;
using enum Launch::Pattern;
using enum Launch::By;

class CudaLaunchKernel : public ::testing::Test {
 protected:
  double seconds_of_run(const Launch& launch) {
    const auto kernel = make_launch_kernel(launch, device_);
    kernel->allocate(silent_);
    EXPECT_FALSE(kernel->verify(false, silent_).mismatch);
    const double seconds = device_.place().time(*kernel, 4, 2).front();
    const Verification again = kernel->verify(true, silent_);
    EXPECT_FALSE(again.mismatch) << again.mismatch.value_or("");
    return seconds;
  }
  Silent silent_{};
  CudaDevice device_{properties(1, nullptr).front(), {}};
};

TEST_F(CudaLaunchKernel, ARunIsAsManyKernelsAsItSays) {
  const double one = fake_cuda::Runtime::get().seconds;
  for (const Launch::By by : {stream, graph}) {
    EXPECT_NEAR(seconds_of_run({.pattern = round_trip, .by = by}), one, 1e-6);
    EXPECT_NEAR(seconds_of_run({.pattern = back_to_back, .by = by}), one, 1e-6);
    EXPECT_NEAR(seconds_of_run({.pattern = chain, .by = by, .kernels = 7}), 7 * one, 1e-6);
  }
}

TEST_F(CudaLaunchKernel, AKernelThatDidNotRunIsMissed) {
  const auto kernel = make_launch_kernel({.pattern = chain, .by = graph, .kernels = 3}, device_);
  kernel->allocate(silent_);
  fake_cuda::Runtime::get().lose_next_kernel = true;
  kernel->enqueue(1);
  EXPECT_THAT(kernel->verify(true, silent_).mismatch.value_or(""), HasSubstr("11 kernels have run, should be 12"));
}

TEST_F(CudaLaunchKernel, TheFirstUseInAProcessIsSaidOnceAndNotTimed) {
  for (int turn = 0; turn < 2; ++turn) {
    const auto kernel = make_launch_kernel({.pattern = back_to_back}, device_);
    kernel->allocate(silent_);
    CaseResult row;
    kernel->describe(row);
    EXPECT_TRUE(turn == 0 || !row.telemetry.contains("first_use_seconds"));
  }
}

TEST(Launch, NamesItselfAndDividesByItsKernels) {
  const Launch launch{.pattern = chain, .by = graph, .kernels = 64};
  EXPECT_EQ(launch.name(), "launch/none/chain64/graph");
  EXPECT_EQ((Launch{.pattern = round_trip}).name(), "launch/none/round-trip/stream");
  CaseResult row{.status = Status::ok, .median_seconds = 64e-6};
  launch.describe(row);
  ASSERT_EQ(row.figures.size(), 1U);
  EXPECT_EQ(row.figures.front().first, "seconds_per_launch");
  EXPECT_DOUBLE_EQ(row.figures.front().second, 1e-6);
}

}  // namespace
}  // namespace gpubench::cuda
