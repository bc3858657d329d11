#pragma once

#include <bit>
#include <cstdint>

#include "harness/core/half.hpp"
#include "harness/core/random.hpp"
#include "kernels/gemm/gemm.hpp"

namespace gpubench {

/// The numbers of one operand of a product, by their place in memory: whoever fills it and whoever checks the result
/// have them from here. Several numbers come from one draw of 64 bits: 2 of fp32, 4 of the 16-bit formats, 8 of int8.
class OperandValues {
 public:
  /// @param operand 0 or 1  @param set operands of different sets are different
  OperandValues(const Gemm& gemm, int operand, int set)
      : format_(gemm.format),
        random_(gemm.seed, static_cast<std::uint64_t>(2 * set + operand)),
        per_draw_(static_cast<int>(8 / operand_bytes(gemm.format))) {}

  int per_draw() const { return per_draw_; }
  std::uint64_t draw(std::int64_t number) const { return random_.bits(static_cast<std::uint64_t>(number)); }

  /// Uniform with mean 0: variance 1, exactly a number of the format; -127 to 127 for int8.
  static float value(Precision format, std::uint64_t draw, int part) {
    constexpr float width = 3.4641016F;  // sqrt(12): a uniform number of width 1 has variance 1/12
    if (format == Precision::int8)
      return static_cast<float>(static_cast<int>(((draw >> (8 * part)) & 0xff) * 255 >> 8) - 127);
    if (operand_bytes(format) == 4)
      return static_cast<float>(static_cast<std::int32_t>(draw >> (32 * part))) * (width * 0x1p-32F);
    const float number = (static_cast<float>((draw >> (16 * part)) & 0xffff) - 32767.5F) * (width * 0x1p-16F);
    if (format == Precision::fp16) return from_half(to_half(number));
    return std::bit_cast<float>(bf16_bits(number) << 16U);
  }

  /// To nearest, ties to even. @pre finite
  static std::uint32_t bf16_bits(float number) {
    const auto bits = std::bit_cast<std::uint32_t>(number);
    return (bits + 0x7fff + ((bits >> 16U) & 1U)) >> 16U;
  }

  float at(std::int64_t place) const {
    return value(format_, draw(place / per_draw_), static_cast<int>(place % per_draw_));
  }

 private:
  Precision format_;
  Random random_;
  int per_draw_;
};

}  // namespace gpubench
