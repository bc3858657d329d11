#include <cstdlib>

#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/cuda_device.hpp"
#include "kernels/gemm/cuda/cublaslt.hpp"
#include "kernels/gemm/gemm_kernel.hpp"
#include "tests/kernels/silent.hpp"

// What the tests with a library that only plays cuBLASLt take on trust: the real one, on sizes that are no tile's.

namespace gpubench::cuda {
namespace {

class HardwareProducts : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const auto missing = cublaslt_library().missing()) GTEST_SKIP() << *missing;
  }

  void expect_right(const Gemm& gemm) {
    SCOPED_TRACE(gemm.name());
    if (cublaslt_why_not(gemm, device_)) return;
    try {
      run(gemm);
    } catch (const Unsupported& why) {  // no rule of ours says so
      ADD_FAILURE() << why.what();
    }
  }

  void run(const Gemm& gemm) {
    const auto kernel = make_gemm_kernel(gemm, cublaslt_products(gemm, device_, blas_));
    kernel->allocate(silent_);
    const Verification before = kernel->verify(false, silent_);
    EXPECT_FALSE(before.mismatch) << *before.mismatch;
    for (const double seconds : device_.place().time(*kernel, 20, 3)) EXPECT_GT(seconds, 0);
    const Verification after = kernel->verify(true, silent_);
    EXPECT_FALSE(after.mismatch) << *after.mismatch;
  }

  Silent silent_{};
  CudaDevice device_{properties(1, std::getenv("CUDA_VISIBLE_DEVICES")).front(), {}};
  std::shared_ptr<cublaslt::Context> blas_ = std::make_shared<cublaslt::Context>(0);
};

TEST_F(HardwareProducts, EveryFormatAndOrderIsRight) {
  for (const Precision format : all_precisions)
    for (const Operands operands : all_operands)
      for (const auto& [m, n, k] : {std::tuple{48, 16, 32}, std::tuple{131, 77, 259}, std::tuple{512, 256, 1024}})
        expect_right({.m = m, .n = n, .k = k, .format = format, .operands = operands});
}

TEST_F(HardwareProducts, EveryEpilogueIsRight) {
  for (const Precision format : {Precision::fp16, Precision::bf16})
    for (const Epilogue epilogue :
         {Epilogue::bias, Epilogue::bias_gelu, Epilogue::gelu_gradient, Epilogue::bias_gradient})
      for (const Operands operands : {Operands::nt, Operands::nn, Operands::tn})
        expect_right({.m = 384, .n = 256, .k = 768, .format = format, .operands = operands, .epilogue = epilogue});
}

TEST_F(HardwareProducts, BothWaysInWhichFp8AddsAreRight) {
  for (const Accumulation accumulation : {Accumulation::fast, Accumulation::promoted})
    for (const std::int64_t k : {64, 1024, 16384})
      expect_right({.m = 256, .n = 128, .k = k, .format = Precision::fp8, .accumulation = accumulation});
}

TEST_F(HardwareProducts, ASearchEndsWithARightOne) {
  expect_right({.m = 512, .n = 512, .k = 512, .format = Precision::bf16, .searched = true});
}

TEST_F(HardwareProducts, ColdRunsAreRight) {
  expect_right({.m = 256, .n = 256, .k = 256, .format = Precision::bf16, .cache = CacheState::cold});
}

}  // namespace
}  // namespace gpubench::cuda
