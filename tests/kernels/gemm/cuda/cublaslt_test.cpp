#include "kernels/gemm/cuda/cublaslt.hpp"

#include <cstdlib>

#include <gmock/gmock.h>

#include "harness/devices/cuda/properties.hpp"
#include "kernels/gemm/cuda/cublaslt_rules.hpp"
#include "kernels/gemm/gemm_kernel.hpp"
#include "tests/kernels/silent.hpp"

// Against a library that reads descriptions as cuBLASLt's documentation has them (fake_cublaslt.cpp).

namespace gpubench::cuda {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

[[maybe_unused]] const int library_is_played = setenv("GPUBENCH_CUBLASLT", GPUBENCH_FAKE_CUBLASLT_FILE, 1);

class CublasLt : public ::testing::Test {
 protected:
  ~CublasLt() override { unsetenv("GPUBENCH_FAKE_CUBLASLT"); }

  std::unique_ptr<Kernel> kernel(const Gemm& gemm) {
    auto made = make_gemm_kernel(gemm, cublaslt_products(gemm, device_, blas_));
    made->allocate(silent_);
    return made;
  }
  Verification verified(const Gemm& gemm) {
    const auto made = kernel(gemm);
    if (Verification before = made->verify(false, silent_); before.mismatch) return before;
    made->enqueue(7);
    return made->verify(true, silent_);
  }
  void fault(const char* name) { setenv("GPUBENCH_FAKE_CUBLASLT", name, 1); }

  Silent silent_{};
  CudaDevice device_{properties(1, nullptr).front(), {}};
  std::shared_ptr<cublaslt::Context> blas_ = std::make_shared<cublaslt::Context>(0);
};

// No two sizes alike, so that nothing can be taken for something else.
constexpr Gemm small(Precision format, Operands operands = Operands::nt) {
  return {.m = 48, .n = 16, .k = 32, .format = format, .operands = operands};
}

TEST_F(CublasLt, EveryFormatAndOrderIsRight) {
  for (const Precision format : all_precisions)
    for (const Operands operands : all_operands) {
      if ((format == Precision::fp8 || format == Precision::int8) && operands != Operands::nt) continue;
      const Verification found = verified(small(format, operands));
      EXPECT_FALSE(found.mismatch) << name(format) << ' ' << name(operands) << ": " << found.mismatch.value_or("");
      EXPECT_EQ(found.scope, format == Precision::int8 ? "exact" : "sampled");
    }
}

TEST_F(CublasLt, EveryEpilogueIsRight) {
  for (const Precision format : {Precision::fp32, Precision::fp16, Precision::bf16})
    for (const Epilogue epilogue :
         {Epilogue::bias, Epilogue::bias_gelu, Epilogue::gelu_gradient, Epilogue::bias_gradient})
      for (const Operands operands : {Operands::nt, Operands::nn, Operands::tn}) {
        Gemm gemm = small(format, operands);
        gemm.epilogue = epilogue;
        if (against_cublaslt_rules(gemm, 80)) continue;
        const Verification found = verified(gemm);
        EXPECT_FALSE(found.mismatch) << gemm.name() << ": " << found.mismatch.value_or("");
      }
}

TEST_F(CublasLt, WhatALibraryDoesWronglyIsFound) {
  struct Wrong {
    const char* fault;
    Epilogue epilogue;
    const char* told;
  };
  for (const Wrong& wrong : {Wrong{"bias", Epilogue::bias, "of the result is"},
                             Wrong{"bias", Epilogue::bias_gelu, "of the result is"},
                             Wrong{"sums", Epilogue::bias_gradient, "of the other result of bias-gradient is"},
                             Wrong{"sums", Epilogue::gelu_gradient, "of the other result of gelu-gradient is"}}) {
    fault(wrong.fault);
    Gemm gemm = small(Precision::bf16, Operands::tn);
    gemm.epilogue = wrong.epilogue;
    EXPECT_THAT(verified(gemm).mismatch.value_or("none"), HasSubstr(wrong.told)) << wrong.fault << gemm.name();
  }
}

TEST_F(CublasLt, Fp32ThatIsTf32IsFound) {
  EXPECT_FALSE(verified(small(Precision::fp32)).mismatch);
  fault("tf32");
  EXPECT_THAT(verified(small(Precision::fp32)).mismatch.value_or("none"), HasSubstr("of the result is"));
  EXPECT_FALSE(verified(small(Precision::tf32)).mismatch);
}

TEST_F(CublasLt, Fp32IsWhatIsToldToBeIeeeAndTf32IsNot) {
  const auto plan = kernel(small(Precision::fp32))->plan();
  EXPECT_EQ(plan.at("arithmetic"), "FMA of fp32, sums in fp32");
  EXPECT_THAT(plan.at("algorithm"), HasSubstr("61, "));
  EXPECT_EQ(kernel(small(Precision::tf32))->plan().at("arithmetic"), "HMMA of tf32, sums in fp32");
  Gemm searched = small(Precision::fp32);
  searched.searched = true;
  EXPECT_THAT(kernel(searched)->plan().at("chosen by"), HasSubstr("of 2 that"));
}

TEST_F(CublasLt, ThePlanSaysWhatWasChosen) {
  const auto made = kernel(small(Precision::bf16));
  ASSERT_FALSE(made->verify(false, silent_).mismatch);
  const auto plan = made->plan();
  EXPECT_EQ(plan.at("matmul"), "tile 128x256, cluster 2x1");
  EXPECT_EQ(plan.at("algorithm"), "60, stages 0, split-k 1, reduction none, swizzle 0, custom 0, inner shape 0");
  EXPECT_EQ(plan.at("workspace"), "17 MB of 34 MB");
  EXPECT_EQ(plan.at("chosen by"), "the library's heuristic, its first");
  EXPECT_THAT(plan.at("enqueued"), MatchesRegex("as a graph of [0-9]+ runs"));
}

TEST_F(CublasLt, PartsOfASumAreNotRoundedTo16Bits) {
  EXPECT_THAT(kernel(small(Precision::bf16))->plan().at("algorithm"), HasSubstr("reduction none"));
  EXPECT_THAT(kernel(small(Precision::fp32))->plan().at("algorithm"), HasSubstr("reduction in the result's type"));
}

TEST_F(CublasLt, ASearchTakesTheFastest) {
  Gemm gemm = small(Precision::bf16);
  gemm.searched = true;
  const auto made = kernel(gemm);
  ASSERT_FALSE(made->verify(false, silent_).mismatch);
  EXPECT_EQ(made->plan().at("matmul"), "tile no. 600, cluster 2x1");
  EXPECT_EQ(made->plan().at("chosen by"), "a search: no. 3 of 3 that the heuristic offers");
}

TEST_F(CublasLt, WithoutAnAlgorithmItIsUnsupported) {
  fault("none");
  EXPECT_THROW(cublaslt_products(small(Precision::bf16), device_, blas_), Unsupported);
}

TEST_F(CublasLt, TakesWhatItPlanned) {
  for (const Epilogue epilogue : {Epilogue::none, Epilogue::bias_gelu, Epilogue::gelu_gradient}) {
    Gemm gemm = small(Precision::bf16);
    gemm.epilogue = epilogue;
    const auto made = kernel(gemm);
    EXPECT_EQ(device_.memory().in_use(), made->memory_bytes()) << name(epilogue);
  }
}

TEST_F(CublasLt, ColdRunsHaveOneSetAndSweptCaches) {
  Gemm gemm = small(Precision::bf16);
  gemm.cache = CacheState::cold;
  const auto made = kernel(gemm);
  EXPECT_TRUE(made->runs_cold());
  EXPECT_EQ(made->plan().at("sets of operands"), "1");
  EXPECT_GT(made->memory_bytes() - device_.memory().in_use(), 2 * device_.properties().l2_bytes);
  EXPECT_FALSE(made->verify(false, silent_).mismatch);
}

TEST_F(CublasLt, EveryKindOfDataIsRight) {
  for (const Precision format : all_precisions)
    for (const Distribution data : all_distributions) {
      Gemm gemm = small(format);
      gemm.data = data;
      const Verification found = verified(gemm);
      EXPECT_FALSE(found.mismatch) << gemm.name() << ": " << found.mismatch.value_or("");
    }
}

}  // namespace
}  // namespace gpubench::cuda
