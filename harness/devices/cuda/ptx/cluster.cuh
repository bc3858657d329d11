#pragma once

#include "harness/devices/cuda/ptx/shared.cuh"

#ifndef __CUDACC__
#include "harness/devices/cuda/emulator/cluster.hpp"
#include "harness/devices/cuda/emulator/shared_access.hpp"
#endif

namespace gpubench::ptx {

// Clusters of blocks, from compute capability 9.0.

/// Of this block in its cluster.
__device__ __forceinline__ std::uint32_t cluster_rank() {
#if defined(GPUBENCH_SM90)
  std::uint32_t rank;
  asm volatile("mov.u32 %0, %%cluster_ctarank;" : "=r"(rank));
  return rank;
#elif defined(__CUDACC__)
  __trap();
  return 0;
#else
  return emulator::current().block->rank;
#endif
}

/// What an arrival tells the cluster of: all that the thread wrote before, which costs a memory barrier of the GPU; or
/// nothing, where it has only read.
enum class Tells { writes, nothing };

template <Tells tells = Tells::writes>
__device__ __forceinline__ void cluster_arrive([[maybe_unused]] Where where = Where::here()) {
#if defined(GPUBENCH_SM90)
  if constexpr (tells == Tells::nothing)
    asm volatile("barrier.cluster.arrive.relaxed.aligned;" ::: "memory");
  else
    asm volatile("barrier.cluster.arrive.release.aligned;" ::: "memory");
#elif defined(__CUDACC__)
  __trap();
#else
  emulator::arrive_at_cluster(where);
#endif
}

__device__ __forceinline__ void cluster_wait([[maybe_unused]] Where where = Where::here()) {
#if defined(GPUBENCH_SM90)
  asm volatile("barrier.cluster.wait.acquire.aligned;" ::: "memory");
#elif defined(__CUDACC__)
  __trap();
#else
  emulator::wait_for_cluster(where);
#endif
}

/// All threads of all blocks of the cluster meet. Before a block ends whose memory others may still use, too.
template <Tells tells = Tells::writes>
__device__ __forceinline__ void cluster_sync(Where where = Where::here()) {
  cluster_arrive<tells>(where);
  cluster_wait(where);
}

/// The address of the same place in the memory of the block of this rank (mapa).
__device__ __forceinline__ std::uint32_t address_in_rank(std::uint32_t address,
                                                         std::uint32_t rank,
                                                         [[maybe_unused]] Where where = Where::here()) {
#if defined(GPUBENCH_SM90)
  std::uint32_t there;
  asm volatile("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(there) : "r"(address), "r"(rank));
  return there;
#elif defined(__CUDACC__)
  __trap();
  return 0;
#else
  return emulator::address_in_rank(where, address, rank);
#endif
}

/// By all threads of a warpgroup: of the registers of each thread keep so many (a multiple of 8), and give the rest
/// back.
template <unsigned registers>
__device__ __forceinline__ void give_registers([[maybe_unused]] Where where = Where::here()) {
  static_assert(registers % 8 == 0 && registers >= 24 && registers <= 256);
#if defined(GPUBENCH_SM90A)
  asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(registers));
#elif defined(__CUDACC__)
  __trap();
#else
  emulator::give_registers(where, registers);
#endif
}

/// The opposite: waits until there are so many for each thread.
template <unsigned registers>
__device__ __forceinline__ void take_registers([[maybe_unused]] Where where = Where::here()) {
  static_assert(registers % 8 == 0 && registers >= 24 && registers <= 256);
#if defined(GPUBENCH_SM90A)
  asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(registers));
#elif defined(__CUDACC__)
  __trap();
#else
  emulator::take_registers(where, registers);
#endif
}

}  // namespace gpubench::ptx
