#pragma once

#include <type_traits>

#include "harness/devices/cuda/ptx/formats.cuh"

#ifndef __CUDACC__
#include "harness/devices/cuda/emulator/warp_matrix.hpp"
#endif

namespace gpubench::ptx {

#ifdef __CUDACC__
#define GPUBENCH_MMA(shape, types, constraint)                                                          \
  asm volatile("mma.sync.aligned." shape ".row.col." types                                              \
               " {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "                                        \
               "{%0, %1, %2, %3};"                                                                      \
               : "+" constraint(d[0]), "+" constraint(d[1]), "+" constraint(d[2]), "+" constraint(d[3]) \
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]))
#endif

/// d += a b for tiles of 16 x K and K x 8, K being 32 bytes of T, by one warp (mma.sync.m16n8). Fragments are those of
/// the PTX ISA: with g = lane / 4 and t = lane % 4, a[0..3] are rows g, g + 8, g, g + 8 at the 4 bytes t of the first,
/// the first, the second, the second 16 bytes of K; b the same of column g; d[0..3] are row g, g, g + 8, g + 8 and
/// columns 2 t, 2 t + 1, 2 t, 2 t + 1. FP8 is for code that is compiled for 8.9 or higher, else a trap; 9.0 converts it
/// to FP16 first.
template <class T>
__device__ __forceinline__ void mma(SumOf<T> (&d)[4],
                                    const std::uint32_t (&a)[4],
                                    const std::uint32_t (&b)[2],
                                    [[maybe_unused]] Where where = Where::here()) {
#ifdef __CUDACC__
  if constexpr (std::is_same_v<T, __nv_bfloat16>) GPUBENCH_MMA("m16n8k16", "f32.bf16.bf16.f32", "f");
  if constexpr (std::is_same_v<T, __half>) GPUBENCH_MMA("m16n8k16", "f32.f16.f16.f32", "f");
  if constexpr (std::is_same_v<T, Tf32>) GPUBENCH_MMA("m16n8k8", "f32.tf32.tf32.f32", "f");
  if constexpr (std::is_same_v<T, std::int8_t>) GPUBENCH_MMA("m16n8k32", "s32.s8.s8.s32", "r");
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 890
  if constexpr (std::is_same_v<T, __nv_fp8_e4m3>) GPUBENCH_MMA("m16n8k32", "f32.e4m3.e4m3.f32", "f");
  if constexpr (std::is_same_v<T, __nv_fp8_e5m2>) GPUBENCH_MMA("m16n8k32", "f32.e5m2.e5m2.f32", "f");
#else
  if constexpr (std::is_same_v<T, __nv_fp8_e4m3> || std::is_same_v<T, __nv_fp8_e5m2>) __trap();  // no such instruction
#endif
#else
  emulator::multiply(where, Multiplied<T>::format, d, a, b);
#endif
}

#undef GPUBENCH_MMA

}  // namespace gpubench::ptx
