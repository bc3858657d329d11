#include "kernels/gemm/cuda/cublaslt_rules.hpp"

#include <gmock/gmock.h>

namespace gpubench::cuda {
namespace {

using ::testing::HasSubstr;

constexpr int ampere = 80, ada = 89, hopper = 90, blackwell = 100, turing = 75;

std::string against(const Gemm& gemm, int capability) {
  return against_cublaslt_rules(gemm, capability).value_or("nothing");
}
Gemm fp8(std::int64_t m, std::int64_t n, std::int64_t k, Operands operands = Operands::nt) {
  return {.m = m, .n = n, .k = k, .format = Precision::fp8, .operands = operands};
}

TEST(CublasLtRules, Fp8IsFromAdaOn) {
  EXPECT_EQ(against(fp8(16, 16, 16), ampere),
            "FP8 needs compute capability 8.9 (Ada) or 9.0 (Hopper), this GPU has 8.0");
  for (const int capability : {ada, hopper, blackwell}) EXPECT_EQ(against(fp8(16, 16, 16), capability), "nothing");
}

TEST(CublasLtRules, Fp8WantsBothOperandsAlongK) {
  for (const Operands operands : {Operands::nn, Operands::tn, Operands::tt}) {
    EXPECT_THAT(against(fp8(64, 64, 64, operands), hopper), HasSubstr("k contiguous in both operands (nt), not "));
    EXPECT_EQ(against(fp8(64, 64, 64, operands), blackwell), "nothing");
  }
}

TEST(CublasLtRules, Fp8WantsMultiplesOf16) {
  EXPECT_EQ(against(fp8(1024, 50257, 768), hopper), "FP8 wants n and k to be multiples of 16; n is 50257");
  EXPECT_EQ(against(fp8(1001, 16, 768), hopper), "nothing") << "m is no row's length";
  EXPECT_EQ(against(fp8(16, 16, 24), blackwell), "FP8 wants n and k to be multiples of 16; k is 24");
}

TEST(CublasLtRules, Int8WantsBothOperandsAlongKAndMultiplesOf4) {
  Gemm gemm{.m = 3, .n = 8, .k = 12, .format = Precision::int8};
  EXPECT_EQ(against(gemm, ampere), "nothing");
  gemm.n = 10;
  EXPECT_EQ(against(gemm, ampere), "INT8 wants n and k to be multiples of 4; n is 10");
  gemm.operands = Operands::nn;
  EXPECT_EQ(against(gemm, ampere), "INT8 wants k contiguous in both operands (nt), not nn");
}

TEST(CublasLtRules, EpiloguesAreForThreeFormats) {
  for (const Precision format : all_precisions) {
    const Gemm gemm{.m = 16, .n = 16, .k = 16, .format = format, .epilogue = Epilogue::bias};
    const bool narrow = format == Precision::fp8 || format == Precision::int8;
    EXPECT_THAT(against(gemm, hopper), HasSubstr(narrow ? "with an epilogue" : "nothing")) << name(format);
  }
}

TEST(CublasLtRules, ABiasGradientIsOfAFirstOperandThatLiesTransposed) {
  for (const Operands operands : all_operands) {
    const Gemm gemm{.m = 16,
                    .n = 16,
                    .k = 16,
                    .format = Precision::bf16,
                    .operands = operands,
                    .epilogue = Epilogue::bias_gradient};
    EXPECT_THAT(against(gemm, hopper),
                HasSubstr(first_transposed(operands) ? "nothing" : "lies transposed (tn), not n"));
  }
}

TEST(CublasLtRules, Tf32AndBf16AreFromAmpereOn) {
  for (const Precision format : {Precision::tf32, Precision::bf16}) {
    EXPECT_THAT(against({.format = format}, turing), HasSubstr("needs compute capability 8.0, this GPU has 7.5"));
    EXPECT_EQ(against({.format = format}, ampere), "nothing");
  }
}

TEST(CublasLtRules, SparsityIsAnotherLibrarys) {
  EXPECT_THAT(against({.format = Precision::bf16, .sparse = true}, hopper), HasSubstr("cuSPARSELt"));
}

}  // namespace
}  // namespace gpubench::cuda
