#pragma once

#include "harness/devices/cuda/ptx/language.cuh"

#ifndef __CUDACC__
#include "harness/devices/cuda/emulator/meeting.hpp"
#endif

namespace gpubench::ptx {

/// Waits for all threads of the block that have not returned; what they wrote to memory is seen afterwards.
__device__ __forceinline__ void bar_sync(Where where = Where::here()) {
#ifdef __CUDACC__
  __syncthreads();
#else
  emulator::block_barrier("bar.sync", where, 0, 0);
#endif
}

/// The same for `threads` threads (whole warps) that come to barrier `id`, 1 to 15; 0 is the one of all.
__device__ __forceinline__ void bar_sync(unsigned id, unsigned threads, Where where = Where::here()) {
#ifdef __CUDACC__
  asm volatile("bar.sync %0, %1;" ::"r"(id), "r"(threads) : "memory");
#else
  emulator::block_barrier("bar.sync", where, id, threads);
#endif
}

/// Is counted at barrier `id` and does not wait there.
__device__ __forceinline__ void bar_arrive(unsigned id, unsigned threads, Where where = Where::here()) {
#ifdef __CUDACC__
  asm volatile("bar.arrive %0, %1;" ::"r"(id), "r"(threads) : "memory");
#else
  emulator::arrive_at_block_barrier(where, id, threads);
#endif
}

/// Waits for the lanes of `mask`; what they wrote to memory is seen afterwards.
__device__ __forceinline__ void warp_sync(std::uint32_t mask = all_lanes, Where where = Where::here()) {
#ifdef __CUDACC__
  __syncwarp(mask);
#else
  int nothing = 0;
  emulator::with_warp("bar.warp.sync", where, mask, nothing, [](const emulator::Arguments<int>&) {});
#endif
}

/// What this thread wrote to memory before is seen by other blocks before what it writes later.
__device__ __forceinline__ void fence_gpu() {
#ifdef __CUDACC__
  __threadfence();
#else
  emulator::maybe_yield();
#endif
}

}  // namespace gpubench::ptx
