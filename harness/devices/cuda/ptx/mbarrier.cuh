#pragma once

#include "harness/devices/cuda/ptx/cluster.cuh"
#include "harness/devices/cuda/ptx/shared.cuh"

#ifndef __CUDACC__
#include "harness/devices/cuda/emulator/bulk_copy.hpp"
#include "harness/devices/cuda/emulator/phase_barrier.hpp"
#endif

namespace gpubench::ptx {

// mbarrier: threads and bulk copies meet at it in phases. A phase is complete when `count` arrivals and all announced
// bytes have come; the next one begins by itself. Waiting is for the phase of a parity, 0 being the first one's:
// waiting for parity 1 of a new barrier does not wait at all. From compute capability 9.0 here, for its bytes and
// clusters.

/// An mbarrier in shared memory.
struct alignas(8) Barrier {
  std::uint64_t opaque;
};

/// By one thread; mbarrier_fence_init() and a block (or cluster) barrier follow before others use it.
__device__ __forceinline__ void mbarrier_init(Barrier& barrier,
                                              std::uint32_t count,
                                              [[maybe_unused]] Where where = Where::here()) {
#if defined(GPUBENCH_SM90)
  asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(shared_address(&barrier)), "r"(count) : "memory");
#elif defined(__CUDACC__)
  __trap();
#else
  emulator::init_barrier(where, shared_address(&barrier, where), count);
#endif
}

/// Makes initialised barriers known to bulk copies and to the cluster. By the thread that initialised them.
__device__ __forceinline__ void mbarrier_fence_init() {
#if defined(GPUBENCH_SM90)
  asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
#elif defined(__CUDACC__)
  __trap();
#else
  emulator::announce_barriers();
#endif
}

__device__ __forceinline__ void mbarrier_arrive(Barrier& barrier, [[maybe_unused]] Where where = Where::here()) {
#if defined(GPUBENCH_SM90)
  asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(shared_address(&barrier)) : "memory");
#elif defined(__CUDACC__)
  __trap();
#else
  emulator::arrive("mbarrier.arrive", where, shared_address(&barrier, where), 0);
#endif
}

/// Whose threads arrive at a barrier that is waited for.
enum class Scope { block, cluster };

/// Waits until the phase of this parity is complete. What threads of this scope wrote before they arrived is seen, and
/// what copies brought.
template <Scope scope = Scope::block>
__device__ __forceinline__ void mbarrier_wait(Barrier& barrier,
                                              std::uint32_t parity,
                                              [[maybe_unused]] Where where = Where::here()) {
#if defined(GPUBENCH_SM90)
#define GPUBENCH_TRY_WAIT(acquire)                                         \
  asm volatile("{\n.reg .pred p;\nmbarrier.try_wait.parity" acquire        \
               ".shared::cta.b64 p, [%1], %2;\nselp.u32 %0, 1, 0, p;\n}\n" \
               : "=r"(complete)                                            \
               : "r"(shared_address(&barrier)), "r"(parity)                \
               : "memory")
  std::uint32_t complete = 0;
  while (complete == 0)
    if constexpr (scope == Scope::cluster)
      GPUBENCH_TRY_WAIT(".acquire.cluster");
    else
      GPUBENCH_TRY_WAIT("");
#undef GPUBENCH_TRY_WAIT
#elif defined(__CUDACC__)
  __trap();
#else
  emulator::wait_for_phase(where, shared_address(&barrier, where), parity);
#endif
}

/// Its place may be used for something else afterwards. By one thread, when nobody uses it any more.
__device__ __forceinline__ void mbarrier_inval(Barrier& barrier, [[maybe_unused]] Where where = Where::here()) {
#if defined(GPUBENCH_SM90)
  asm volatile("mbarrier.inval.shared::cta.b64 [%0];" ::"r"(shared_address(&barrier)) : "memory");
#elif defined(__CUDACC__)
  __trap();
#else
  emulator::invalidate_barrier(where, shared_address(&barrier, where));
#endif
}

/// Announces bytes that copies will bring in this phase, then arrives.
__device__ __forceinline__ void mbarrier_arrive_expect(Barrier& barrier,
                                                       std::uint32_t bytes,
                                                       [[maybe_unused]] Where where = Where::here()) {
#if defined(GPUBENCH_SM90)
  asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(shared_address(&barrier)), "r"(bytes)
               : "memory");
#elif defined(__CUDACC__)
  __trap();
#else
  emulator::arrive("mbarrier.arrive.expect_tx", where, shared_address(&barrier, where), bytes);
#endif
}

/// Arrives at a barrier of another block of the cluster. @param address as address_in_rank() gives it
template <Tells tells = Tells::writes>
__device__ __forceinline__ void mbarrier_arrive_remote(std::uint32_t address,
                                                       [[maybe_unused]] Where where = Where::here()) {
#if defined(GPUBENCH_SM90)
  if constexpr (tells == Tells::nothing)
    asm volatile("mbarrier.arrive.release.cta.shared::cluster.b64 _, [%0];" ::"r"(address) : "memory");
  else
    asm volatile("mbarrier.arrive.release.cluster.shared::cluster.b64 _, [%0];" ::"r"(address) : "memory");
#elif defined(__CUDACC__)
  __trap();
#else
  emulator::arrive("mbarrier.arrive.shared::cluster", where, address, 0);
#endif
}

/// What this thread wrote to shared memory is seen by bulk copies and wgmma afterwards.
__device__ __forceinline__ void fence_proxy_async() {
#if defined(GPUBENCH_SM90)
  asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
#elif defined(__CUDACC__)
  __trap();
#else
  emulator::fence_for_bulk_copies();
#endif
}

}  // namespace gpubench::ptx
