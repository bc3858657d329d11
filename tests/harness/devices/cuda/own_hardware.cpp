#include <cstdlib>
#include <random>

#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/cuda_device.hpp"
#include "kernels/gemm/cuda/own.hpp"
#include "kernels/gemm/gemm_kernel.hpp"
#include "tests/kernels/silent.hpp"

// Our own products on a GPU, against the oracle: every kernel and tile, on sizes that are no tile's.

namespace gpubench::cuda {
namespace {

class HardwareOwnProducts : public ::testing::Test {
 protected:
  /// In the way of this number. @returns whether there is one
  bool expect_right(const Gemm& gemm, std::size_t choice) {
    SCOPED_TRACE(gemm.name());
    if (own_why_not(gemm, device_)) return false;
    try {
      const auto kernel = make_gemm_kernel(gemm, own_products(gemm, device_, choice));
      kernel->allocate(silent_);
      const Verification before = kernel->verify(false, silent_);
      EXPECT_FALSE(before.mismatch) << *before.mismatch << " (" << kernel->plan().at("kernel") << ", "
                                    << kernel->plan().at("tile") << ')';
      kernel->enqueue(3);
      const Verification after = kernel->verify(true, silent_);
      EXPECT_FALSE(after.mismatch) << *after.mismatch;
    } catch (const Unsupported&) {
      return false;
    }
    return true;
  }

  Silent silent_{};
  CudaDevice device_{properties(1, std::getenv("CUDA_VISIBLE_DEVICES")).front(), {}};
};

TEST_F(HardwareOwnProducts, EveryWayOfSomeProductsIsRight) {
  for (const Precision format : all_precisions)
    for (const Operands operands : all_operands)
      for (const auto& [m, n, k] : {std::tuple{264, 520, 1040},
                                    std::tuple{3000, 5000, 208},
                                    std::tuple{72, 40, 4096},
                                    std::tuple{131, 77, 259}}) {
        std::size_t choice = 0;
        const Gemm gemm{.m = m, .n = n, .k = k, .format = format, .operands = operands};
        while (expect_right(gemm, choice)) ++choice;
        EXPECT_TRUE(choice > 0 || own_why_not(gemm, device_)) << gemm.name();
      }
}

TEST_F(HardwareOwnProducts, TwoHundredRandomOnesOfEachPrecisionAreRight) {
  constexpr int each = 200;
  std::mt19937 random(1);
  const auto up_to = [&random](int most) { return std::int64_t{std::uniform_int_distribution(1, most)(random)}; };
  for (const Precision format : all_precisions) {
    if (own_why_not({.m = 16, .n = 16, .k = 16, .format = format}, device_)) continue;
    for (int i = 0; i < each; ++i) {
      Gemm gemm{.m = up_to(1000), .n = up_to(1000), .k = up_to(3000), .format = format};
      if (format == Precision::fp8) {
        gemm.n = (gemm.n + 15) / 16 * 16, gemm.k = (gemm.k + 15) / 16 * 16;
        gemm.accumulation = i % 2 == 0 ? Accumulation::fast : Accumulation::promoted;
      } else {
        gemm.operands = all_operands[i % 4];
        if (i % 2 == 0) gemm.m = (gemm.m + 7) / 8 * 8, gemm.n = (gemm.n + 7) / 8 * 8, gemm.k = (gemm.k + 7) / 8 * 8;
        if (i % 5 == 0) gemm.epilogue = i % 2 == 0 ? Epilogue::bias : Epilogue::bias_gelu;
      }
      const bool there = expect_right(gemm, static_cast<std::size_t>(i % 7));
      EXPECT_TRUE(there || expect_right(gemm, 0));
    }
  }
}

}  // namespace
}  // namespace gpubench::cuda
