#pragma once

// CUDA C++ for two compilers: nvcc, and the host's compiler, which makes of a kernel a function that the emulator runs.
// Kernels include this and the wrappers beside it, and look the same to both. What nvcc knows by itself is given to the
// other here; what is an instruction of the GPU is a wrapper with two bodies.

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector_types.h>

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_fp8.h>

#include "harness/core/where.hpp"

#ifndef __CUDACC__
#include "harness/devices/cuda/emulator/block.hpp"
#include "harness/devices/cuda/emulator/grid.hpp"

#undef __global__
#undef __device__
#undef __host__
#undef __forceinline__
#undef __launch_bounds__
#undef __grid_constant__
#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __grid_constant__

#define threadIdx (::gpubench::emulator::current().index)
#define blockIdx (::gpubench::emulator::current().block->index)
#define blockDim (::gpubench::emulator::current().block->grid->shape().block)
#define gridDim (::gpubench::emulator::current().block->grid->shape().grid)
#endif

// What the code is compiled for. An instruction that this does not have is a trap, so that kernels need no conditions:
// the host asks what a kernel has been compiled for before it launches it (cudaFuncGetAttributes, ptxVersion), because
// a newer GPU may run code for an older one.
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
#define GPUBENCH_SM90 1
#endif
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
#define GPUBENCH_SM90A 1
#endif

namespace gpubench::ptx {

// `where` is the last parameter of wrappers: the emulator's reports name it, and a GPU's code does not contain it.

inline constexpr std::uint32_t all_lanes = 0xffffffff;

/// Of blocks with one dimension.
__device__ __forceinline__ unsigned lane_id() { return threadIdx.x % 32; }
__device__ __forceinline__ unsigned warp_id() { return threadIdx.x / 32; }

/// How many bits are set.
__device__ __forceinline__ unsigned popc(std::uint32_t bits) {
#ifdef __CUDACC__
  return static_cast<unsigned>(__popc(bits));
#else
  return static_cast<unsigned>(std::popcount(bits));
#endif
}

/// 1 / sqrt(x), to 2 units in the last place.
__device__ __forceinline__ float rsqrt(float x) {
#ifdef __CUDACC__
  return ::rsqrtf(x);
#else
  return 1.0F / std::sqrt(x);
#endif
}

/// 1 / x to 1 unit in the last place; 0 where that is subnormal (PTX ISA, rcp.approx.ftz).
__device__ __forceinline__ float reciprocal_approx(float x) {
#ifdef __CUDACC__
  float y;
  asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
#else
  const float y = 1.0F / x;
  return std::fpclassify(y) == FP_SUBNORMAL ? std::copysign(0.0F, y) : y;
#endif
}

/// 2^x with a relative error of 2^-22; 0 where that is subnormal (PTX ISA, ex2.approx.ftz).
__device__ __forceinline__ float exp2_approx(float x) {
#ifdef __CUDACC__
  float y;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
#else
  const float y = std::exp2(x);
  return std::fpclassify(y) == FP_SUBNORMAL ? 0.0F : y;
#endif
}

/// The same, and what is below 2^-126 is kept as the subnormal number that it is.
__device__ __forceinline__ float exp2_approx_subnormal(float x) {
#ifdef __CUDACC__
  float y;
  asm("ex2.approx.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
#else
  return std::exp2(x);
#endif
}

}  // namespace gpubench::ptx
