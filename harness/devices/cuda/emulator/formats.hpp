#pragma once

#include <cstdint>

namespace gpubench::emulator {

/// What Tensor Cores multiply. tf32 lies in 32 bits, of which the lowest 13 are not looked at.
enum class Format { bf16, f16, tf32, e4m3, e5m2, s8 };

constexpr unsigned bytes_of(Format format) {
  switch (format) {
    case Format::bf16:
    case Format::f16: return 2;
    case Format::tf32: return 4;
    case Format::e4m3:
    case Format::e5m2:
    case Format::s8: return 1;
  }
  return 1;
}

/// Elements along K of one instruction: 32 bytes of them.
constexpr unsigned depth_of(Format format) { return 32 / bytes_of(format); }

/// The number in the lowest bytes of `bits`.
double value_of(Format format, std::uint32_t bits);

}  // namespace gpubench::emulator
