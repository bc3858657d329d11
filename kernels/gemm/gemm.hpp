#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/core/distribution.hpp"
#include "harness/core/precision.hpp"
#include "harness/core/work.hpp"
#include "harness/result.hpp"

namespace gpubench {

/// How an operand lies in memory, of both in this order: as it stands in the formula, row by row, or transposed. `nt`
/// is a layer forward (its weights lie as {out, in}), `nn` its data gradient, `tn` its weight gradient.
enum class Operands { nn, nt, tn, tt };
inline constexpr Operands all_operands[] = {Operands::nn, Operands::nt, Operands::tn, Operands::tt};
constexpr std::string_view name(Operands operands) {
  using enum Operands;
  switch (operands) {
    case nn: return "nn";
    case nt: return "nt";
    case tn: return "tn";
    case tt: return "tt";
  }
  return "?";
}
constexpr bool first_transposed(Operands operands) { return operands == Operands::tn || operands == Operands::tt; }
constexpr bool second_transposed(Operands operands) { return operands == Operands::nt || operands == Operands::tt; }

/// `hot`: run after run, over sets of operands that together are more than twice the caches, as in a training step that
/// meets its next layer; no run finds its operands in a cache, but everything else is warm. `cold`: caches emptied
/// before each run, outside the timed region.
enum class CacheState { hot, cold };
constexpr std::string_view name(CacheState state) { return state == CacheState::hot ? "hot" : "cold"; }

/// What is done to ab = alpha * a * b before it is stored as c, as a training step has it done on the way. GELU is the
/// form with tanh, as in kernels/training/operation.hpp. Bias and aux are in the format of the result.
///   bias           c = ab + bias[j]                                  a linear layer
///   bias_gelu      aux = ab + bias[j]; c = gelu(aux)                 and its activation; aux is kept for its gradient
///   gelu_gradient  c = ab * gelu'(aux); sums[j] = sum of c[i, j]     data gradient through it; sums are the bias's
///   bias_gradient  c = ab; sums[i] = sum of a[i, p]                  weight gradient, with the bias's beside it
enum class Epilogue { none, bias, bias_gelu, gelu_gradient, bias_gradient };
constexpr std::string_view name(Epilogue epilogue) {
  using enum Epilogue;
  switch (epilogue) {
    case none: return "none";
    case bias: return "bias";
    case bias_gelu: return "bias-gelu";
    case gelu_gradient: return "gelu-gradient";
    case bias_gradient: return "bias-gradient";
  }
  return "?";
}

/// How FP8's Tensor Cores add: in their own registers of few bits all along (`fast`, for inference), or brought to FP32
/// every few products (`promoted`, for training).
enum class Accumulation { fast, promoted };
constexpr std::string_view name(Accumulation accumulation) {
  return accumulation == Accumulation::fast ? "fast" : "promoted";
}

/// c[i, j] = sum over p of a[i, p] * b[p, j]: m x n sums of k products. c is stored in the operands' format; int8 gives
/// int32, fp8 gives bf16. Plain value: equal members are equal operands.
struct Gemm {
  std::int64_t m = 1, n = 1, k = 1;
  Precision format = Precision::fp32;
  Operands operands = Operands::nt;
  CacheState cache = CacheState::hot;
  Epilogue epilogue = Epilogue::none;
  Accumulation accumulation = Accumulation::promoted;  ///< of fp8; nothing to the others
  bool sparse = false;    ///< of every four numbers of a along k two are zero, and it is told to the device
  bool searched = false;  ///< the fastest of many algorithms that a library has, instead of the one it would take
  bool graphs = true;     ///< short runs may be enqueued many at a time
  Distribution data = Distribution::uniform;
  std::uint64_t seed = 1;
  std::string group = "Square matrix products";
  std::optional<LayerOf> layer{};  ///< where it is a layer's

  /// `gemm/bf16/m4096n4096k4096/nt/hot`, and what is not as usual behind it: `/bias-gelu`, `/sparse24`, `/searched`,
  /// `/zeros`; of fp8 always how it adds: `/fast`
  std::string name() const;
  std::string precision() const { return std::string(gpubench::name(format)); }
  /// 2 operations a product and its sum; each operand and the result once.
  Work work() const;
  void describe(CaseResult& row) const;
};

/// Bytes of one element of an operand, and of the result.
double operand_bytes(Precision format);
double result_bytes(Precision format);

/// What the products are multiplied with before an epilogue sees them: the power of two next to 1 / sqrt(k), so that an
/// activation is met where it bends. 1 where nothing is done to them.
double alpha_of(const Gemm& gemm);

/// The other result of an epilogue: numbers of the result's format. 0 where there is none.
std::int64_t side_results(const Gemm& gemm);

}  // namespace gpubench
