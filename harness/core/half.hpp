#pragma once

#include <bit>
#include <cstdint>

namespace gpubench {

// FP16 (IEEE binary16) by its bits, without the processor's own conversion, which compilers do not make vector code of.

/// Exact. The exponent is moved by a product with a power of two, which also makes subnormal numbers normal.
constexpr float from_half(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000) << 16;
  const std::uint32_t size = half & 0x7fff;
  const auto finite = std::bit_cast<std::uint32_t>(std::bit_cast<float>(size << 13) * 0x1p112F);
  return std::bit_cast<float>(sign | (size >= 0x7c00 ? (size << 13) | 0x7f800000 : finite));
}

/// To nearest, ties to even; 65520 and more become infinity, NaN stays NaN. Below the smallest normal number 0.5 is
/// added, whose last bit is worth as much as the format's.
constexpr std::uint16_t to_half(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t size = bits & 0x7fffffff;
  const std::uint32_t normal = ((size + 0xfff + ((size >> 13) & 1)) >> 13) - (112U << 10);
  const std::uint32_t subnormal = std::bit_cast<std::uint32_t>(std::bit_cast<float>(size) + 0.5F) - 0x3f000000;
  const std::uint32_t finite = size < 0x38800000 ? subnormal : normal;
  const std::uint32_t special = size > 0x7f800000 ? 0x7e00 : 0x7c00;
  return static_cast<std::uint16_t>(((bits >> 16) & 0x8000) | (size >= 0x477ff000 ? special : finite));
}

}  // namespace gpubench
