#pragma once

#include <cuda.h>

#include "harness/devices/cuda/ptx/mbarrier.cuh"

namespace gpubench::ptx {

// Copies by the tensor memory accelerator, started by one thread; from compute capability 9.0. Loads are counted at an
// mbarrier; stores by groups. Shared memory of stores has been fenced with fence_proxy_async() by who wrote it, before
// the barrier that makes it known to the thread that stores.

/// cp.async.bulk: `bytes` and both addresses are multiples of 16.
__device__ __forceinline__ void bulk_load(
    void* to, const void* from, std::uint32_t bytes, Barrier& barrier, [[maybe_unused]] Where where = Where::here()) {
#if defined(GPUBENCH_SM90)
  asm volatile("cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];" ::"r"(
                   shared_address(to)),
               "l"(from),
               "r"(bytes),
               "r"(shared_address(&barrier))
               : "memory");
#elif defined(__CUDACC__)
  __trap();
#else
  emulator::issue_bulk_load(where, shared_address(to, where), from, bytes, shared_address(&barrier, where));
#endif
}

__device__ __forceinline__ void bulk_store(void* to,
                                           const void* from,
                                           std::uint32_t bytes,
                                           [[maybe_unused]] Where where = Where::here()) {
#if defined(GPUBENCH_SM90)
  asm volatile(
      "cp.async.bulk.global.shared::cta.bulk_group [%0], [%1], %2;" ::"l"(to), "r"(shared_address(from)), "r"(bytes)
      : "memory");
#elif defined(__CUDACC__)
  __trap();
#else
  emulator::issue_bulk_store(where, to, shared_address(from, where), bytes);
#endif
}

/// A tile whose first element has these coordinates, innermost first, which may lie outside: such elements are zeros.
/// All bytes of the tile are counted. `to` is a multiple of 128, and of 8 rows where the tile is swizzled. The map is a
/// __grid_constant__ parameter of the kernel, or in memory that was fenced.
__device__ __forceinline__ void tensor_load(void* to,
                                            const CUtensorMap& map,
                                            Barrier& barrier,
                                            std::int32_t x,
                                            std::int32_t y,
                                            [[maybe_unused]] Where where = Where::here()) {
#if defined(GPUBENCH_SM90)
  asm volatile(
      "cp.async.bulk.tensor.2d.shared::cluster.global.tile.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4}], [%2];" ::
          "r"(shared_address(to)),
      "l"(&map),
      "r"(shared_address(&barrier)),
      "r"(x),
      "r"(y)
      : "memory");
#elif defined(__CUDACC__)
  __trap();
#else
  emulator::issue_tensor_load(where, shared_address(to, where), &map, 2, {x, y}, shared_address(&barrier, where), 0);
#endif
}

/// Four dimensions: NHWC images are x = channels, then width, height, image.
__device__ __forceinline__ void tensor_load(void* to,
                                            const CUtensorMap& map,
                                            Barrier& barrier,
                                            std::int32_t x,
                                            std::int32_t y,
                                            std::int32_t z,
                                            std::int32_t w,
                                            [[maybe_unused]] Where where = Where::here()) {
#if defined(GPUBENCH_SM90)
  asm volatile(
      "cp.async.bulk.tensor.4d.shared::cluster.global.tile.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4, %5, %6}], "
      "[%2];" ::"r"(shared_address(to)),
      "l"(&map),
      "r"(shared_address(&barrier)),
      "r"(x),
      "r"(y),
      "r"(z),
      "r"(w)
      : "memory");
#elif defined(__CUDACC__)
  __trap();
#else
  emulator::issue_tensor_load(
      where, shared_address(to, where), &map, 4, {x, y, z, w}, shared_address(&barrier, where), 0);
#endif
}

/// The same tile to the same place in every block of the cluster whose bit is set, counted at the barrier of each.
__device__ __forceinline__ void tensor_load_multicast(void* to,
                                                      const CUtensorMap& map,
                                                      Barrier& barrier,
                                                      std::int32_t x,
                                                      std::int32_t y,
                                                      std::uint16_t blocks,
                                                      [[maybe_unused]] Where where = Where::here()) {
#if defined(GPUBENCH_SM90)
  asm volatile(
      "cp.async.bulk.tensor.2d.shared::cluster.global.tile.mbarrier::complete_tx::bytes.multicast::cluster [%0], "
      "[%1, {%3, %4}], [%2], %5;" ::"r"(shared_address(to)),
      "l"(&map),
      "r"(shared_address(&barrier)),
      "r"(x),
      "r"(y),
      "h"(blocks)
      : "memory");
#elif defined(__CUDACC__)
  __trap();
#else
  emulator::issue_tensor_load(
      where, shared_address(to, where), &map, 2, {x, y}, shared_address(&barrier, where), blocks);
#endif
}

/// Elements outside of the array are not written.
__device__ __forceinline__ void tensor_store(const CUtensorMap& map,
                                             std::int32_t x,
                                             std::int32_t y,
                                             const void* from,
                                             [[maybe_unused]] Where where = Where::here()) {
#if defined(GPUBENCH_SM90)
  asm volatile("cp.async.bulk.tensor.2d.global.shared::cta.tile.bulk_group [%0, {%1, %2}], [%3];" ::"l"(&map),
               "r"(x),
               "r"(y),
               "r"(shared_address(from))
               : "memory");
#elif defined(__CUDACC__)
  __trap();
#else
  emulator::issue_tensor_store(where, &map, 2, {x, y}, shared_address(from, where));
#endif
}

/// Ends a group of this thread's stores.
__device__ __forceinline__ void bulk_commit() {
#if defined(GPUBENCH_SM90)
  asm volatile("cp.async.bulk.commit_group;" ::: "memory");
#elif defined(__CUDACC__)
  __trap();
#else
  emulator::commit_bulk_stores();
#endif
}

/// Waits until at most `groups` of this thread's groups still read shared memory. A thread that stored waits for all
/// before it returns.
template <unsigned groups>
__device__ __forceinline__ void bulk_wait_read([[maybe_unused]] Where where = Where::here()) {
#if defined(GPUBENCH_SM90)
  asm volatile("cp.async.bulk.wait_group.read %0;" ::"n"(groups) : "memory");
#elif defined(__CUDACC__)
  __trap();
#else
  emulator::wait_for_bulk_stores(where, groups, true);
#endif
}

/// Waits until at most `groups` of this thread's groups have not been written: before others are told of them.
template <unsigned groups>
__device__ __forceinline__ void bulk_wait([[maybe_unused]] Where where = Where::here()) {
#if defined(GPUBENCH_SM90)
  asm volatile("cp.async.bulk.wait_group %0;" ::"n"(groups) : "memory");
#elif defined(__CUDACC__)
  __trap();
#else
  emulator::wait_for_bulk_stores(where, groups, false);
#endif
}

/// The descriptor of a tensor comes into the cache that copies look it up in.
__device__ __forceinline__ void prefetch_tensor_map([[maybe_unused]] const CUtensorMap& map) {
#if defined(GPUBENCH_SM90)
  asm volatile("prefetch.tensormap [%0];" ::"l"(&map) : "memory");
#endif
}

}  // namespace gpubench::ptx
