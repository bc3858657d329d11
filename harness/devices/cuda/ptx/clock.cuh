#pragma once

#include "harness/devices/cuda/ptx/language.cuh"

#ifndef __CUDACC__
#include "harness/devices/cuda/emulator/clock.hpp"
#endif

namespace gpubench::ptx {

/// Cycles that this multiprocessor has counted (clock64).
__device__ __forceinline__ std::uint64_t sm_cycles() {
#ifdef __CUDACC__
  std::uint64_t cycles;
  asm volatile("mov.u64 %0, %%clock64;" : "=l"(cycles)::"memory");
  return cycles;
#else
  return emulator::sm_cycles();
#endif
}

/// Nanoseconds, the same clock for all multiprocessors (globaltimer); it moves in steps, of up to a microsecond.
__device__ __forceinline__ std::uint64_t global_nanoseconds() {
#ifdef __CUDACC__
  std::uint64_t nanoseconds;
  asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(nanoseconds)::"memory");
  return nanoseconds;
#else
  return emulator::global_nanoseconds();
#endif
}

/// Which multiprocessor this runs on. Numbers may have gaps.
__device__ __forceinline__ unsigned sm_id() {
#ifdef __CUDACC__
  unsigned id;
  asm volatile("mov.u32 %0, %%smid;" : "=r"(id));
  return id;
#else
  return blockIdx.x % emulator::multiprocessors;
#endif
}

}  // namespace gpubench::ptx
