#pragma once

#include "harness/devices/cuda/ptx/shared.cuh"

#ifndef __CUDACC__
#include "harness/devices/cuda/emulator/async_copy.hpp"
#endif

namespace gpubench::ptx {

/// Begins a copy of 16 bytes to a shared address, past the registers and L1; both are multiples of 16. The destination
/// holds nothing useful until cp_async_wait, and no thread may use it from now on.
/// @param valid bytes that are copied, the rest are zeros; 0: nothing is read
__device__ __forceinline__ void cp_async_16(std::uint32_t to,
                                            const void* from,
                                            unsigned valid = 16,
                                            [[maybe_unused]] Where where = Where::here()) {
#ifdef __CUDACC__
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(from), "r"(valid) : "memory");
#else
  emulator::issue_copy(where, to, from, 16, valid);
#endif
}

/// The same for 4 or 8 bytes, of which both addresses are multiples: for rows that begin anywhere.
template <unsigned bytes>
__device__ __forceinline__ void cp_async(std::uint32_t to,
                                         const void* from,
                                         unsigned valid = bytes,
                                         [[maybe_unused]] Where where = Where::here()) {
  static_assert(bytes == 4 || bytes == 8);
#ifdef __CUDACC__
  asm volatile("cp.async.ca.shared.global [%0], [%1], %2, %3;" ::"r"(to), "l"(from), "n"(bytes), "r"(valid) : "memory");
#else
  emulator::issue_copy(where, to, from, bytes, valid);
#endif
}

/// Ends a group of this thread's copies.
__device__ __forceinline__ void cp_async_commit() {
#ifdef __CUDACC__
  asm volatile("cp.async.commit_group;" ::: "memory");
#else
  emulator::commit_copies();
#endif
}

/// Waits until at most `groups` of this thread's groups are under way. Other threads see the data after a barrier.
template <unsigned groups>
__device__ __forceinline__ void cp_async_wait() {
#ifdef __CUDACC__
  asm volatile("cp.async.wait_group %0;" ::"n"(groups) : "memory");
#else
  emulator::wait_for_copies(groups);
#endif
}

}  // namespace gpubench::ptx
