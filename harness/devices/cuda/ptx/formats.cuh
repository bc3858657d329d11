#pragma once

#include <cstring>

#include "harness/devices/cuda/ptx/language.cuh"

#ifndef __CUDACC__
#include "harness/devices/cuda/emulator/formats.hpp"
#endif

namespace gpubench::ptx {

/// An FP32 number of which Tensor Cores look at the upper 19 bits.
struct Tf32 {
  float number;
};

/// Rounded to nearest, ties away from zero (cvt.rna.tf32).
__device__ __forceinline__ Tf32 to_tf32(float number) {
  std::uint32_t bits;
#ifdef __CUDACC__
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(number));
  return {__uint_as_float(bits)};
#else
  std::memcpy(&bits, &number, sizeof bits);
  if ((bits & 0x7f800000) != 0x7f800000) bits = (bits + 0x1000) & 0xffffe000;
  std::memcpy(&number, &bits, sizeof bits);
  return {number};
#endif
}

/// What Tensor Cores multiply: __nv_bfloat16, __half, Tf32, __nv_fp8_e4m3, __nv_fp8_e5m2, std::int8_t.
template <class T>
struct Multiplied;

#ifdef __CUDACC__
#define GPUBENCH_MULTIPLIED(type, format, sum_type) \
  template <>                                       \
  struct Multiplied<type> {                         \
    using Sum = sum_type;                           \
  };
#else
#define GPUBENCH_MULTIPLIED(type, format_of_it, sum_type)                      \
  template <>                                                                  \
  struct Multiplied<type> {                                                    \
    using Sum = sum_type;                                                      \
    static constexpr emulator::Format format = emulator::Format::format_of_it; \
  };
#endif
GPUBENCH_MULTIPLIED(__nv_bfloat16, bf16, float)
GPUBENCH_MULTIPLIED(__half, f16, float)
GPUBENCH_MULTIPLIED(Tf32, tf32, float)
GPUBENCH_MULTIPLIED(__nv_fp8_e4m3, e4m3, float)
GPUBENCH_MULTIPLIED(__nv_fp8_e5m2, e5m2, float)
GPUBENCH_MULTIPLIED(std::int8_t, s8, std::int32_t)
#undef GPUBENCH_MULTIPLIED

/// What products of T are added up in.
template <class T>
using SumOf = typename Multiplied<T>::Sum;

}  // namespace gpubench::ptx
