#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/training/tensor.hpp"

namespace gpubench::training::oracle {

/// A binary floating-point format with subnormals and infinities.
struct Format {
  int bits = 24;        ///< of the significand, the leading one counted
  int lowest = -126;    ///< exponent of the smallest normal number
  double overflow = 0;  ///< the smallest number that rounds to infinity
};
inline constexpr Format f32_format = {.bits = 24, .lowest = -126, .overflow = (2 - 0x1p-24) * 0x1p127};
inline constexpr Format bf16_format = {.bits = 8, .lowest = -126, .overflow = (2 - 0x1p-8) * 0x1p127};
inline constexpr Format f16_format = {.bits = 11, .lowest = -14, .overflow = 65520};

/// @pre a floating-point type
constexpr const Format& format_of(Type type) {
  if (type == Type::bf16) return bf16_format;
  if (type == Type::f16) return f16_format;
  return f32_format;
}

/// Half the distance between neighbours at `value`: the largest error of rounding to nearest.
inline double half_ulp(double value, const Format& format) {
  const int exponent = value == 0 ? format.lowest : std::max(std::ilogb(value), format.lowest);
  return std::ldexp(1.0, exponent - format.bits);
}

/// To nearest, ties to even; NaN stays NaN.
inline double rounded(double value, const Format& format) {
  if (value == 0 || !std::isfinite(value)) return value;
  if (std::abs(value) >= format.overflow) return std::copysign(std::numeric_limits<double>::infinity(), value);
  const double ulp = 2 * half_ulp(value, format);
  return std::nearbyint(value / ulp) * ulp;
}

inline double to_f32(double value) { return rounded(value, f32_format); }
inline double to_bf16(double value) { return rounded(value, bf16_format); }
inline double to_f16(double value) { return rounded(value, f16_format); }

}  // namespace gpubench::training::oracle
