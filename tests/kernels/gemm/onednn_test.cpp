#include "kernels/gemm/onednn.hpp"

#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>

#include "harness/devices/cpu/ceiling.hpp"
#include "harness/devices/cpu/onednn.hpp"
#include "kernels/gemm/gemm_kernel.hpp"
#include "tests/kernels/silent.hpp"

namespace gpubench {
namespace {

constexpr double few_sets = 1e6;  // bytes of cache to get past

class OneDnnGemm : public testing::TestWithParam<std::tuple<Precision, Operands>> {};

TEST_P(OneDnnGemm, IsRightForOddSizes) {
  const auto [format, operands] = GetParam();
  const Gemm gemm{.m = 67, .n = 129, .k = 263, .format = format, .operands = operands};
  if (const auto why = onednn_why_not(gemm)) GTEST_SKIP() << *why;
  Silent silent;
  const auto kernel = make_gemm_kernel(gemm, onednn_products(gemm, few_sets));
  EXPECT_GT(kernel->memory_bytes(), 0);
  EXPECT_FALSE(kernel->plan().at("matmul").starts_with("ref"));
  kernel->allocate(silent);
  for (const bool again : {false, true}) {
    const Verification found = kernel->verify(again, silent);
    EXPECT_FALSE(found.mismatch) << *found.mismatch;
    EXPECT_LE(found.error, 1);
    EXPECT_GE(found.checked, 256);
    kernel->enqueue(3);
  }
}

INSTANTIATE_TEST_SUITE_P(
    ,
    OneDnnGemm,
    testing::Combine(testing::Values(Precision::fp32, Precision::bf16, Precision::fp16, Precision::int8),
                     testing::ValuesIn(all_operands)),
    [](const auto& made) {
      return std::string(name(std::get<0>(made.param))) + "_" + std::string(name(std::get<1>(made.param)));
    });

TEST(OneDnnProducts, SaysWhyAFormatIsMissing) {
  EXPECT_EQ(onednn_why_not({.m = 16, .n = 16, .k = 16, .format = Precision::tf32}), "this CPU has no TF32");
  if (onednn_library().missing()) GTEST_SKIP() << *onednn_library().missing();
  EXPECT_NE(onednn_why_not({.m = 16, .n = 16, .k = 16, .format = Precision::fp8}).value_or("").find("has no FP8"),
            std::string::npos);
  EXPECT_TRUE(onednn_why_not({.m = 16, .n = 16, .k = 16, .cache = CacheState::cold}));
  EXPECT_FALSE(onednn_why_not({.m = 16, .n = 16, .k = 16}));
}

/// The reason for a ceiling is that nothing is above it. Tenths, since a machine may be disturbed while it is measured.
TEST(OneDnnProducts, StaysBelowTheCeiling) {
  const Gemm gemm{.m = 1024, .n = 1024, .k = 1024};
  if (const auto why = onednn_why_not(gemm)) GTEST_SKIP() << *why;
  Silent silent;
  const auto kernel = make_gemm_kernel(gemm, onednn_products(gemm, few_sets));
  kernel->allocate(silent);
  const double ceiling = cpu::most_flops(gemm.format, cpu::instructions()).per_second;
  double best = 0;
  for (int run = 0; run < 20; ++run) {
    const auto start = std::chrono::steady_clock::now();
    kernel->enqueue(1);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    best = std::max(best, gemm.work().flops / took.count());
  }
  EXPECT_LT(best, 1.1 * std::max(ceiling, cpu::most_flops(gemm.format, cpu::instructions()).per_second));
}

}  // namespace
}  // namespace gpubench
