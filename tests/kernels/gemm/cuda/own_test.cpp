#include "kernels/gemm/cuda/own.hpp"

#include <gmock/gmock.h>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/properties.hpp"
#include "kernels/gemm/cuda/ways.hpp"
#include "kernels/gemm/gemm_kernel.hpp"
#include "tests/kernels/silent.hpp"

// Our own products as cases, on a runtime that has no GPU: kernels run under the emulator.

namespace gpubench::cuda {
namespace {

using ::testing::HasSubstr;

class OwnProducts : public ::testing::TestWithParam<int> {
 protected:
  static Properties a_gpu(int capability) {
    Properties properties = cuda::properties(1, nullptr).front();
    properties.capability = capability;
    return properties;
  }
  std::unique_ptr<Kernel> kernel(const Gemm& gemm) {
    auto made = make_gemm_kernel(gemm, own_products(gemm, device_));
    made->allocate(silent_);
    return made;
  }
  void expect_right(const Gemm& gemm) {
    const auto made = kernel(gemm);
    const Verification before = made->verify(false, silent_);
    EXPECT_FALSE(before.mismatch) << gemm.name() << ": " << *before.mismatch;
    made->enqueue(3);
    const Verification after = made->verify(true, silent_);
    EXPECT_FALSE(after.mismatch) << gemm.name() << ": " << *after.mismatch;
  }
  std::string why_not(const Gemm& gemm) { return own_why_not(gemm, device_).value_or(""); }

  Silent silent_{};
  CudaDevice device_{a_gpu(GetParam()), {}};
};

// No two sizes alike, so that nothing can be taken for something else.
constexpr Gemm small(Precision format, Operands operands = Operands::nt) {
  return {.m = 72, .n = 40, .k = 96, .format = format, .operands = operands};
}

TEST_P(OwnProducts, EveryFormatAndOrderIsRight) {
  int tried = 0;
  for (const Precision format : all_precisions)
    for (const Operands operands : all_operands)
      if (const Gemm gemm = small(format, operands); why_not(gemm).empty()) {
        expect_right(gemm);
        ++tried;
      }
  EXPECT_EQ(tried, 4 * 4 + (GetParam() == 90 ? 1 : 0));  // fp8: nt
}

TEST_P(OwnProducts, WhatNoTmaTakesIsRightToo) {
  for (const Precision format : {Precision::fp32, Precision::tf32, Precision::fp16, Precision::bf16})
    expect_right({.m = 35, .n = 17, .k = 51, .format = format});
}

TEST_P(OwnProducts, EpiloguesAreRight) {
  for (const Precision format : {Precision::fp32, Precision::fp16, Precision::bf16})
    for (const Epilogue epilogue : {Epilogue::bias, Epilogue::bias_gelu}) {
      Gemm gemm = small(format);
      gemm.epilogue = epilogue;
      expect_right(gemm);
    }
}

TEST_P(OwnProducts, ASearchTriesThemAllAndSaysWhichIsTheFastest) {
  Gemm gemm{.m = 40, .n = 24, .k = 256, .format = Precision::bf16};
  gemm.searched = true;
  const auto made = kernel(gemm);
  EXPECT_THAT(made->plan().at("chosen by"),
              ::testing::MatchesRegex("a search: no. [0-9]+ of [0-9]+ by the prediction"));
  EXPECT_FALSE(made->verify(false, silent_).mismatch);
}

TEST_P(OwnProducts, ThePlanSaysKernelAndTile) {
  const auto plan_of = [this](Precision format) {
    return own_products({.m = 4096, .n = 4096, .k = 4096, .format = format}, device_)->plan();
  };
  EXPECT_EQ(plan_of(Precision::bf16).at("kernel"), GetParam() == 90 ? "wgmma" : "ring of mma.sync");
  EXPECT_EQ(plan_of(Precision::bf16).at("tile"), GetParam() == 90 ? "128x256x64" : "128x256x32");
  EXPECT_EQ(plan_of(Precision::bf16).count("cluster"), GetParam() == 90 ? 1 : 0);
  EXPECT_THAT(plan_of(Precision::bf16).at("chosen by"), HasSubstr("a prediction, of "));
  EXPECT_EQ(plan_of(Precision::fp32).at("kernel"), "fma");
}

// Of TF32 wgmma takes one order; operands that lie otherwise are turned.
TEST_P(OwnProducts, EveryWayToComputeAProductIsRight) {
  for (const Precision format : {Precision::fp32, Precision::tf32, Precision::bf16})
    for (const Operands operands : {Operands::nn, Operands::tn, Operands::tt}) {
      const Gemm gemm{.m = 24, .n = 40, .k = 288, .format = format, .operands = operands};
      std::size_t ways = 0;
      try {
        for (;; ++ways) {
          auto products = own_products(gemm, device_, ways);
          const auto plan = products->plan();
          if (plan.at("kernel") == "wgmma" && format == Precision::tf32) {
            EXPECT_EQ(plan.at("turned first"),
                      operands == Operands::nn   ? "b"
                      : operands == Operands::tt ? "a"
                                                 : "a and b");
          }
          const auto made = make_gemm_kernel(gemm, std::move(products));
          made->allocate(silent_);
          const Verification found = made->verify(false, silent_);
          EXPECT_FALSE(found.mismatch) << gemm.name() << ", " << plan.at("kernel") << ": " << *found.mismatch;
        }
      } catch (const Unsupported&) {
        EXPECT_GE(ways, GetParam() == 90 && format != Precision::fp32 ? 6U : 3U);
      }
    }
}

// FP32's kernel, too, has one tile for what does not lie at multiples of 16 bytes: no three ways that are the same.
TEST_P(OwnProducts, NoWayIsThereTwice) {
  for (const Precision format : {Precision::fp32, Precision::bf16}) {
    const Gemm gemm{.m = 35, .n = 17, .k = 51, .format = format, .operands = Operands::tn};
    EXPECT_NO_THROW(own_products(gemm, device_, 0));
    EXPECT_THROW(own_products(gemm, device_, 1), Unsupported);
  }
}

TEST_P(OwnProducts, WhatTheyDoNotTakeHasItsSentence) {
  EXPECT_THAT(why_not(small(Precision::int8)), HasSubstr("INT8 products of our own"));
  Gemm gemm = small(Precision::bf16);
  gemm.epilogue = Epilogue::gelu_gradient;
  EXPECT_THAT(why_not(gemm), HasSubstr("has no gelu-gradient"));
  gemm = small(Precision::bf16);
  gemm.sparse = true;
  EXPECT_THAT(why_not(gemm), HasSubstr("2:4 sparsity"));
  if (GetParam() == 80) {
    EXPECT_THAT(why_not(small(Precision::fp8)), HasSubstr("needs compute capability 9.0, this GPU has 8.0"));
    return;
  }
  EXPECT_THAT(why_not(small(Precision::fp8, Operands::nn)), HasSubstr("(nt), not nn"));
  gemm = small(Precision::fp8);
  gemm.n = 41;
  EXPECT_THAT(why_not(gemm), HasSubstr("they are 96 and 41"));
}

/// On an H100 that is only described.
std::string tile_on_h100(const Product& product) {
  const Way way = ways(product, {.capability = 90, .multiprocessors = 132}).front();
  return text_of(way).at("kernel") + ' ' + text_of(way).at("tile");
}
Product rows_by_columns(std::int64_t m, std::int64_t n, std::int64_t k, Precision format = Precision::bf16) {
  return {.format = format, .m = m, .n = n, .k = k, .a = {nullptr, k, false}, .b = {nullptr, k, true}, .c_pitch = n};
}

TEST(Ways, SmallProductsGetSmallTilesAndWidthsOfTransformersTheirOwn) {
  EXPECT_EQ(tile_on_h100(rows_by_columns(8192, 8192, 8192)), "wgmma 128x256x64");
  EXPECT_EQ(tile_on_h100(rows_by_columns(1024, 1024, 1024)), "wgmma 128x64x64");
  EXPECT_EQ(tile_on_h100(rows_by_columns(1024, 3072, 768)), "wgmma 128x192x64");
  Product fast = rows_by_columns(8192, 8192, 8192, Precision::fp8);
  fast.accumulation = Accumulation::fast;
  EXPECT_EQ(tile_on_h100(fast), "wgmma 128x256x128");
  EXPECT_EQ(tile_on_h100(rows_by_columns(8192, 8192, 8192, Precision::fp8)), "wgmma 128x128x128");
}

TEST(Ways, WhatIsTurnedFirstIsNotFree) {
  Product small = rows_by_columns(256, 256, 256, Precision::tf32),
          large = rows_by_columns(8192, 8192, 8192, Precision::tf32);
  small.b = {nullptr, 256, false}, large.b = {nullptr, 8192, false};
  EXPECT_EQ(tile_on_h100(small).substr(0, 4), "ring");
  EXPECT_EQ(tile_on_h100(large), "wgmma 128x256x32");
}

INSTANTIATE_TEST_SUITE_P(Gpus, OwnProducts, ::testing::Values(80, 90), [](const auto& gpu) {
  return "sm_" + std::to_string(gpu.param);
});

}  // namespace
}  // namespace gpubench::cuda
