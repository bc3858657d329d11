#include "harness/devices/cuda/emulator/formats.hpp"

#include <bit>

#include <cuda_fp8.h>

#include "harness/core/half.hpp"

namespace gpubench::emulator {

double value_of(Format format, std::uint32_t bits) {
  switch (format) {
    case Format::bf16: return double{std::bit_cast<float>(bits << 16)};
    case Format::f16: return double{from_half(static_cast<std::uint16_t>(bits))};
    case Format::tf32: return double{std::bit_cast<float>(bits & 0xffffe000U)};
    case Format::s8: return double{static_cast<float>(static_cast<std::int8_t>(bits))};
    case Format::e4m3: {
      __nv_fp8_e4m3 number;
      number.__x = static_cast<__nv_fp8_storage_t>(bits);
      return double{static_cast<float>(number)};
    }
    case Format::e5m2: {
      __nv_fp8_e5m2 number;
      number.__x = static_cast<__nv_fp8_storage_t>(bits);
      return double{static_cast<float>(number)};
    }
  }
  return 0;
}

}  // namespace gpubench::emulator
