#pragma once

#include <bit>
#include <cstdint>

namespace gpubench {

// FP8 E4M3 by its bits: 4 bits of exponent (bias 7), 3 of mantissa, no infinity, one NaN of each sign, up to 448
// (Micikevicius et al. 2022, https://arxiv.org/abs/2209.05433).

/// Exact.
constexpr float from_e4m3(std::uint8_t bits) {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x80) << 24;
  const std::uint32_t size = bits & 0x7f;
  if (size == 0x7f) return std::bit_cast<float>(sign | 0x7fc00000);
  const float value = std::bit_cast<float>(size << 20) * 0x1p120F;  // moves the exponent; subnormals become normal
  return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(value));
}

/// To nearest, ties to even; what is too large becomes 448, as the hardware's saturating conversion has it. NaN stays
/// NaN.
constexpr std::uint8_t to_e4m3(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint8_t>((bits >> 24) & 0x80);
  const std::uint32_t size = bits & 0x7fffffff;
  constexpr std::uint32_t largest = 0x7e, smallest_normal = 0x3c800000;  // 448, 2^-6
  if (size > 0x7f800000) return sign | 0x7f;
  if (size >= std::bit_cast<std::uint32_t>(448.0F)) return sign | largest;
  // Below the smallest normal number 2^14 is added, whose last bit is worth as much as the format's: 2^-9.
  if (size < smallest_normal)
    return static_cast<std::uint8_t>(sign | (std::bit_cast<std::uint32_t>(std::bit_cast<float>(size) + 0x1p14F) -
                                             std::bit_cast<std::uint32_t>(0x1p14F)));
  const std::uint32_t rounded = (size + 0x7ffff + ((size >> 20) & 1)) >> 20;
  return static_cast<std::uint8_t>(sign | (rounded - (120U << 3)));
}

}  // namespace gpubench
