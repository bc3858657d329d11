#pragma once

#include <cstdint>

#include "harness/core/random.hpp"
#include "kernels/gemm/gemm.hpp"
#include "kernels/operand_values.hpp"

namespace gpubench {

/// What a product reads: its two operands, and what its epilogue wants.
enum class Operand { a, b, bias, aux };

/// Where the numbers of an operand are drawn from; sets differ.
inline Random random_of(const Gemm& gemm, Operand operand, int set) {
  constexpr std::uint64_t beside_operands = 500'000;
  const auto pair = static_cast<std::uint64_t>(2 * set);
  switch (operand) {
    case Operand::a: return {gemm.seed, pair};
    case Operand::b: return {gemm.seed, pair + 1};
    case Operand::bias: return {gemm.seed, beside_operands + pair};
    case Operand::aux: return {gemm.seed, beside_operands + pair + 1};
  }
  return {gemm.seed, pair};
}

/// The numbers of one operand of a product, by their place in memory: whoever fills it and whoever checks the result
/// have them from here.
class OperandValues {
 public:
  OperandValues(const Gemm& gemm, Operand operand, int set)
      : numbers_(gemm.format, gemm.data), random_(random_of(gemm, operand, set)), per_draw_(numbers_.per_draw()) {}

  int per_draw() const { return per_draw_; }
  std::uint64_t draw(std::int64_t number) const { return random_.bits(static_cast<std::uint64_t>(number)); }
  float value(std::uint64_t draw, int part) const { return numbers_.value(draw, part); }

  float at(std::int64_t place) const { return value(draw(place / per_draw_), static_cast<int>(place % per_draw_)); }

 private:
  OperandNumbers numbers_;
  Random random_;
  int per_draw_;
};

}  // namespace gpubench
