#include "harness/devices/cuda/memory.hpp"

#include <gmock/gmock.h>

#include "harness/core/error.hpp"
#include "tests/harness/devices/cuda/fake_runtime/fake_device.hpp"

namespace gpubench::cuda {
namespace {

using ::testing::HasSubstr;

TEST(CudaMemory, CountsWhatIsTakenAndGivesItBack) {
  Memory memory(0);
  const double free = memory.free_bytes();
  {
    const Memory::Block one = memory.take(1000), other = memory.take(500);
    EXPECT_EQ(memory.in_use(), 1500);
    EXPECT_EQ(memory.free_bytes(), free - 1500);
  }
  EXPECT_EQ(memory.in_use(), 0);
  EXPECT_EQ(memory.free_bytes(), free);
  EXPECT_EQ(memory.peak(), 1500);
  memory.reset_peak();
  EXPECT_EQ(memory.peak(), 0);
}

TEST(CudaMemory, ABlockThatMovesIsGivenBackOnce) {
  Memory memory(0);
  Memory::Block block = memory.take(64);
  Memory::Block other = std::move(block);
  block = memory.take(32);
  other = std::move(block);
  EXPECT_EQ(other.bytes(), 32U);
  EXPECT_EQ(memory.in_use(), 96) << "a block that was moved to holds what it held before until it ends";
}

TEST(CudaMemory, HoldsPoisonAtFirst) {
  Memory memory(0);
  const Memory::Block block = memory.take(8);
  for (int i = 0; i < 8; ++i) EXPECT_EQ(block.as<unsigned char>()[i], 0xff);
}

TEST(CudaMemory, WhatIsNotThereIsSaidWithBothFigures) {
  Memory memory(0);
  try {
    memory.take(fake_cuda::memory_bytes + 1);
    FAIL() << "nothing was thrown";
  } catch (const OutOfMemory& none) {
    EXPECT_THAT(none.what(), HasSubstr("out of device memory: asked for"));
    EXPECT_THAT(none.what(), HasSubstr("cuda:0 has"));
  }
  EXPECT_EQ(memory.in_use(), 0);
}

}  // namespace
}  // namespace gpubench::cuda
