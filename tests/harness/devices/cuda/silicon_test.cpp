#include "harness/devices/cuda/silicon.hpp"

#include <gmock/gmock.h>

namespace gpubench::cuda {
namespace {

using ::testing::HasSubstr;

constexpr double tera = 1e12;
const Properties h100{
    .capability = 90, .multiprocessors = 132, .sm_hertz = 1.98e9, .memory_hertz = 2.619e9, .memory_bus_bits = 5120};
const Properties a100{
    .capability = 80, .multiprocessors = 108, .sm_hertz = 1.41e9, .memory_hertz = 1.593e9, .memory_bus_bits = 5120};

// The figures of the data sheets, at the clocks that they are for.
TEST(Silicon, IsWhatTheDataSheetsSay) {
  EXPECT_NEAR(most_of_silicon(h100, "bf16", 1.83e9).flops_per_second, 989.4 * tera, 0.1 * tera);
  EXPECT_NEAR(most_of_silicon(h100, "tf32", 1.83e9).flops_per_second, 494.7 * tera, 0.1 * tera);
  EXPECT_NEAR(most_of_silicon(h100, "fp8", 1.83e9).flops_per_second, 1978.9 * tera, 0.2 * tera);
  EXPECT_NEAR(most_of_silicon(h100, "fp32", 1.98e9).flops_per_second, 66.9 * tera, 0.1 * tera);
  EXPECT_NEAR(most_of_silicon(h100, "bf16", 1.83e9).bytes_per_second, 3.352 * tera, 0.001 * tera);
  EXPECT_NEAR(most_of_silicon(a100, "amp-fp16", 1.41e9).flops_per_second, 312 * tera, 0.2 * tera);
  EXPECT_NEAR(most_of_silicon(a100, "fp32", 1.41e9).flops_per_second, 19.5 * tera, 0.1 * tera);
  EXPECT_NEAR(most_of_silicon(a100, "int8", 1.41e9).flops_per_second, 624 * tera, 0.4 * tera);
  EXPECT_NEAR(most_of_silicon(a100, "bf16", 1.41e9).bytes_per_second, 2.039 * tera, 0.001 * tera);
}

TEST(Silicon, ASliceHasItsShare) {
  Properties slice = h100;
  slice.multiprocessors = 16;
  EXPECT_NEAR(most_of_silicon(slice, "bf16", 1.83e9).flops_per_second, 989.4 * tera * 16 / 132, 0.1 * tera);
}

TEST(Silicon, WhatIsNotKnownLimitsNothing) {
  EXPECT_FALSE(operations_per_cycle(80, "fp8"));
  EXPECT_FALSE(operations_per_cycle(86, "bf16"));
  EXPECT_FALSE(operations_per_cycle(90, "none"));
  const Ceiling most = most_of_silicon({.capability = 120}, "bf16", 2e9);
  EXPECT_EQ(most.flops_per_second, 0);
  EXPECT_EQ(most.bytes_per_second, 0);
  EXPECT_EQ(most.by, "");
  EXPECT_THAT(most_of_silicon(h100, "none", 1e9).by, HasSubstr("5120 bits"));
}

}  // namespace
}  // namespace gpubench::cuda
