#include "kernels/gemm/cuda/cublaslt_rules.hpp"

#include <fmt/format.h>

namespace gpubench::cuda {
namespace {

std::string needs_capability(const char* format, const char* needed, int capability) {
  return fmt::format(
      "{} needs compute capability {}, this GPU has {}.{}", format, needed, capability / 10, capability % 10);
}

/// The first of n and k that is no multiple of `unit`: rows of operands and result are as long as these.
std::optional<std::string> odd_size(const Gemm& gemm, std::int64_t unit) {
  if (gemm.n % unit != 0) return fmt::format("n is {}", gemm.n);
  if (gemm.k % unit != 0) return fmt::format("k is {}", gemm.k);
  return std::nullopt;
}

std::optional<std::string> against_fp8(const Gemm& gemm, int capability) {
  constexpr int first = 89, any_layout = 100, unit = 16;
  if (capability < first) return needs_capability("FP8", "8.9 (Ada) or 9.0 (Hopper)", capability);
  if (gemm.epilogue != Epilogue::none) return "FP8 products with an epilogue are not part of this version";
  if (gemm.operands != Operands::nt && capability < any_layout)
    return fmt::format("FP8 wants k contiguous in both operands (nt), not {}; a training step transposes them first",
                       name(gemm.operands));
  if (const auto odd = odd_size(gemm, unit))
    return fmt::format("FP8 wants n and k to be multiples of {}; {}", unit, *odd);
  return std::nullopt;
}

std::optional<std::string> against_int8(const Gemm& gemm) {
  constexpr int unit = 4;
  if (gemm.epilogue != Epilogue::none) return "INT8 products with an epilogue are not part of this version";
  if (gemm.operands != Operands::nt)
    return fmt::format("INT8 wants k contiguous in both operands (nt), not {}", name(gemm.operands));
  if (const auto odd = odd_size(gemm, unit))
    return fmt::format("INT8 wants n and k to be multiples of {}; {}", unit, *odd);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> against_cublaslt_rules(const Gemm& gemm, int capability) {
  constexpr int ampere = 80;
  if (gemm.epilogue == Epilogue::bias_gradient && !first_transposed(gemm.operands))
    return fmt::format("cuBLASLt sums a bias's gradient only of a first operand that lies transposed (tn), not {}",
                       name(gemm.operands));
  if (gemm.sparse) return "2:4 sparsity is cuSPARSELt's, which is not part of this version";
  switch (gemm.format) {
    case Precision::tf32:
      return capability < ampere ? std::optional(needs_capability("TF32", "8.0", capability)) : std::nullopt;
    case Precision::bf16:
      return capability < ampere ? std::optional(needs_capability("BF16", "8.0", capability)) : std::nullopt;
    case Precision::fp8: return against_fp8(gemm, capability);
    case Precision::int8: return against_int8(gemm);
    case Precision::fp32:
    case Precision::fp16: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace gpubench::cuda
