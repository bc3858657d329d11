#include "kernels/memory/cuda/memory_kernel.hpp"

#include <gmock/gmock.h>

#include "harness/devices/cuda/properties.hpp"
#include "kernels/memory/cuda/passes.hpp"
#include "tests/kernels/silent.hpp"

namespace gpubench::cuda {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t small = 12'000;  // less than the emulated second-level cache: several sets take turns

class CudaMemoryKernel : public ::testing::Test {
 protected:
  Silent silent_{};
  CudaDevice device_{properties(1, nullptr).front(), {}};
};

TEST_F(CudaMemoryKernel, EveryPassIsRightBeforeAndAfterwards) {
  for (const MemoryLoop loop : all_memory_loops) {
    const MemoryPass pass{.loop = loop, .array_bytes = small};
    const auto kernel = gpubench_memory_kernel(pass, device_);
    kernel->allocate(silent_);
    EXPECT_EQ(device_.memory().in_use(), kernel->memory_bytes()) << "what was planned is what was taken";
    EXPECT_GT(kernel->memory_bytes(), 2 * device_.properties().l2_bytes);
    const Verification first = kernel->verify(false, silent_);
    EXPECT_FALSE(first.mismatch) << first.mismatch.value_or("");
    EXPECT_EQ(first.checked, kernel->memory_bytes() / pass.work().bytes * small / 4);
    kernel->enqueue(2);
    const Verification again = kernel->verify(true, silent_);
    EXPECT_FALSE(again.mismatch) << again.mismatch.value_or("");
    EXPECT_EQ(again.checked, 2 * small / 4);
  }
}

TEST_F(CudaMemoryKernel, ACopyByTheRuntimeIsRight) {
  const auto kernel = ce_memory_kernel({.loop = MemoryLoop::copy, .array_bytes = small}, device_);
  kernel->allocate(silent_);
  EXPECT_FALSE(kernel->verify(false, silent_).mismatch);
}

TEST_F(CudaMemoryKernel, AnElementThatIsNotWrittenIsSeen) {
  const auto lazy = [](Stream stream, MemoryLoop loop, const float* x, const float* y, float* to, std::int64_t count) {
    memory_pass(stream, loop, x, y, to, count - 1);
  };
  const auto kernel = make_memory_kernel({.loop = MemoryLoop::triad, .array_bytes = small}, device_, lazy, "lazy");
  kernel->allocate(silent_);
  EXPECT_THAT(kernel->verify(false, silent_).mismatch.value_or(""), HasSubstr("element 2999 is "));
}

TEST_F(CudaMemoryKernel, APassThatWritesToItsInputIsSeen) {
  const auto spoiling =
      [](Stream stream, MemoryLoop loop, const float* x, const float* y, float* to, std::int64_t count) {
        memory_pass(stream, loop, x, y, to, count);
        copy_to_device(stream, const_cast<float*>(x), std::vector<float>(1, 0.5F).data(), sizeof(float));
      };
  const auto kernel =
      make_memory_kernel({.loop = MemoryLoop::add, .array_bytes = small}, device_, spoiling, "spoiling");
  kernel->allocate(silent_);
  EXPECT_FALSE(kernel->verify(false, silent_).mismatch) << "the first run of each set still reads what was there";
  kernel->enqueue(40);
  EXPECT_THAT(kernel->verify(true, silent_).mismatch.value_or(""), HasSubstr("element 0 is "));
}

TEST_F(CudaMemoryKernel, WhatCannotRunSaysWhy) {
  EXPECT_FALSE(gpubench_memory_why_not({.touch = Touch::warm}));
  EXPECT_THAT(gpubench_memory_why_not({.touch = Touch::first_touch}).value_or(""), HasSubstr("no pages that are new"));
  EXPECT_THAT(ce_memory_why_not({.loop = MemoryLoop::triad}).value_or(""), HasSubstr("only copies"));
  EXPECT_FALSE(ce_memory_why_not({.loop = MemoryLoop::copy}));
}

}  // namespace
}  // namespace gpubench::cuda
