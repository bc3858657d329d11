#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/core/distribution.hpp"
#include "harness/core/fp8.hpp"
#include "harness/core/half.hpp"
#include "harness/core/precision.hpp"

namespace gpubench {

/// Bytes of one element of an operand.
constexpr int operand_width(Precision format) {
  using enum Precision;
  return format == fp32 || format == tf32 ? 4 : format == fp16 || format == bf16 ? 2 : 1;
}

/// To nearest, ties to even. @pre finite
constexpr std::uint32_t bf16_bits(float number) {
  const auto bits = std::bit_cast<std::uint32_t>(number);
  return (bits + 0x7fff + ((bits >> 16U) & 1U)) >> 16U;
}

/// A number as its format stores it, in the low bits. @pre of int8: whole, -128 to 127
constexpr std::uint32_t bits_of(Precision format, float number) {
  switch (format) {
    case Precision::fp16: return to_half(number);
    case Precision::bf16: return bf16_bits(number);
    case Precision::fp8: return to_e4m3(number);
    case Precision::int8: return static_cast<std::uint8_t>(static_cast<std::int8_t>(number));
    default: return std::bit_cast<std::uint32_t>(number);
  }
}
/// And back. Exact.
constexpr float number_of(Precision format, std::uint32_t bits) {
  switch (format) {
    case Precision::fp16: return from_half(static_cast<std::uint16_t>(bits));
    case Precision::bf16: return std::bit_cast<float>(bits << 16U);
    case Precision::fp8: return from_e4m3(static_cast<std::uint8_t>(bits));
    case Precision::int8: return static_cast<float>(static_cast<std::int8_t>(bits));
    default: return std::bit_cast<float>(bits);
  }
}

/// The numbers that operands are filled with, exactly numbers of their format: uniform or normal with mean 0 and
/// variance 1 (of int8: uniform from -127 to 127, or normal with a standard deviation of 32), or zeros. Several come
/// from one draw of 64 bits: 2 of fp32, 4 of the 16-bit formats, 8 of those of 8 bits. Whoever fills operands and
/// whoever checks results have them from here, on the host as on a device.
class OperandNumbers {
 public:
  OperandNumbers(Precision format, Distribution data);

  int per_draw() const { return 8 / operand_width(format_); }

  /// @param part of the draw: 0 to per_draw() - 1
  float value(std::uint64_t draw, int part) const {
    const int width = 8 * operand_width(format_);
    const auto code = static_cast<std::uint32_t>((draw >> (width * part)) & (0xffffffffU >> (32 - width)));
    if (data_ == Distribution::uniform) return uniform(format_, code);
    return data_ == Distribution::zeros ? 0.0F : (*normal_)[code & (normal_->size() - 1)];
  }

  /// What a code of as many bits as the format has stands for.
  static constexpr float uniform(Precision format, std::uint32_t code) {
    constexpr float width = 3.4641016F;  // sqrt(12): a uniform number of width 1 has variance 1/12
    switch (format) {
      case Precision::int8: return static_cast<float>(static_cast<int>(code * 255 >> 8U) - 127);
      case Precision::fp8: return from_e4m3(to_e4m3((static_cast<float>(code) - 127.5F) * (width * 0x1p-8F)));
      case Precision::fp16: return from_half(to_half(centred(code)));
      case Precision::bf16: return std::bit_cast<float>(bf16_bits(centred(code)) << 16U);
      default: return static_cast<float>(static_cast<std::int32_t>(code)) * (width * 0x1p-32F);
    }
  }

  /// For a device: the bits of the numbers of all codes, 256 of the formats of one byte, else 65536. A code of fp32
  /// counts by its low 16 bits; its uniform numbers are too many for a table, which is empty then.
  std::vector<std::uint32_t> table() const;

 private:
  static constexpr float centred(std::uint32_t code) {
    return (static_cast<float>(code) - 32767.5F) * (3.4641016F * 0x1p-16F);
  }

  Precision format_;
  Distribution data_;
  const std::vector<float>* normal_ = nullptr;  // of this format, for good
};

/// For the run file: `uniform, variance 1`.
std::string text_of(Distribution data, Precision format);

}  // namespace gpubench
