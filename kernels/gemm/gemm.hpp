#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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

/// c[i, j] = sum over p of a[i, p] * b[p, j]: m x n sums of k products. c is stored in the operands' format, int8 gives
/// int32. Plain value: equal members are equal operands.
struct Gemm {
  std::int64_t m = 1, n = 1, k = 1;
  Precision format = Precision::fp32;
  Operands operands = Operands::nt;
  CacheState cache = CacheState::hot;
  std::uint64_t seed = 1;
  std::string group = "Square matrix products";
  std::optional<LayerOf> layer{};  ///< where it is a layer's

  /// `gemm/bf16/m4096n4096k4096/nt/hot`
  std::string name() const;
  std::string precision() const { return std::string(gpubench::name(format)); }
  /// 2 operations a product and its sum; each operand and the result once.
  Work work() const;
  void describe(CaseResult& row) const;
};

/// Bytes of one element of an operand, and of the result.
double operand_bytes(Precision format);
double result_bytes(Precision format);

}  // namespace gpubench
