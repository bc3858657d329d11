#include "harness/devices/cpu/ceiling.hpp"

#include <cstdlib>
#include <omp.h>

#include <gmock/gmock.h>

#include "harness/devices/cpu/cpu_device.hpp"
#include "harness/devices/cpu/flop_loops.hpp"

namespace gpubench::cpu {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Two multiply-adds of the widest registers in each cycle of a clock that no processor has; 16 times that for tiles.
double beyond_silicon(std::string_view by) {
  const double widest = 2 * 2 * 16 * 7e9 * omp_get_max_threads();
  return by.find("tiles") != std::string_view::npos  ? 32 * widest
         : by.find("INT8") != std::string_view::npos ? 4 * widest
                                                     : widest;
}

TEST(Ceiling, OfEveryPrecisionIsPositiveAndWithinSilicon) {
  for (const Precision precision : {Precision::fp32, Precision::bf16, Precision::int8}) {
    const Reached most = most_flops(precision, instructions());
    EXPECT_GT(most.per_second, 0) << most.by;
    EXPECT_LT(most.per_second, beyond_silicon(most.by)) << most.by;
    EXPECT_THAT(most.by, HasSubstr("thread"));
  }
}

TEST(Ceiling, WithoutTilesIsOfWhatThereIsElse) {
  Instructions without = instructions();
  without.amx_bf16 = without.amx_int8 = false;
  for (const Precision precision : {Precision::bf16, Precision::int8}) {
    const Reached most = most_flops(precision, without);
    EXPECT_GT(most.per_second, 0);
    EXPECT_THAT(most.by, Not(HasSubstr("AMX")));
  }
}

TEST(Ceiling, OfAProcessorWithoutAnythingIsThatOfFp32AndSaysSo) {
  const Reached most = most_flops(Precision::bf16, Instructions{});
  EXPECT_GT(most.per_second, 0);
  EXPECT_EQ(most.precision, Precision::fp32);
  EXPECT_EQ(most.by.find("multiply and add in plain C++, "), 0U) << most.by;
  EXPECT_THAT(most.by, HasSubstr("(this CPU multiplies nothing faster in bf16)"));
}

TEST(Ceiling, TakesTheFastestOfItsLoops) {
  Instructions without = instructions();
  if (!without.avx512_bf16) GTEST_SKIP() << "this CPU has no BF16 dot products";
  without.amx_bf16 = false;
  const auto loops = flop_loops(Precision::bf16, without);
  ASSERT_EQ(loops.size(), 2U);  // the dot products are slower than FP32 on some processors
  EXPECT_EQ(loops[0].precision, Precision::bf16);
  EXPECT_EQ(loops[1].precision, Precision::fp32);
}

TEST(Ceiling, OfMemorySaysWhichLoopOverHowMuch) {
  const Reached most = most_bytes(std::size_t{96} << 20U);
  EXPECT_GT(most.per_second, 0);
  EXPECT_THAT(most.by, HasSubstr("3 x 32 MiB"));
}

TEST(Ceiling, OfAModeIsThatOfItsPrecision) {
  EXPECT_EQ(ceiling_precision("amp-bf16"), Precision::bf16);
  EXPECT_EQ(ceiling_precision("bf16"), Precision::bf16);
  EXPECT_EQ(ceiling_precision("int8"), Precision::int8);
  for (const char* other : {"fp32", "tf32", "fp16", "amp-fp16", "fp8"})
    EXPECT_EQ(ceiling_precision(other), Precision::fp32);
}

TEST(Ceiling, OfTheDeviceIsMeasuredOnceAndKept) {
  CpuDevice device;
  const auto first = device.ceiling("fp32"), again = device.ceiling("fp32");
  ASSERT_TRUE(first && again);
  EXPECT_EQ(first->flops_per_second, again->flops_per_second);
  EXPECT_EQ(first->bytes_per_second, again->bytes_per_second);
  EXPECT_EQ(first->precision, "fp32");
  EXPECT_THAT(first->by, HasSubstr("; memory: "));
}

/// A library that was held back must not lower what it is held against.
TEST(Ceiling, DoesNotHearWhatALibraryIsTold) {
  const std::string before = most_flops(Precision::bf16, instructions()).by;
  setenv("ONEDNN_MAX_CPU_ISA", "AVX2", 1);
  const std::string after = most_flops(Precision::bf16, instructions()).by;
  unsetenv("ONEDNN_MAX_CPU_ISA");
  EXPECT_EQ(before, after);
}

}  // namespace
}  // namespace gpubench::cpu
