#pragma once

#include "harness/devices/cuda/ptx/language.cuh"

namespace gpubench::ptx {

/// The shared memory that the launch gives the block, as one struct of the kernel's. It holds nothing useful at first:
/// in the emulator NaN. The launch has to give at least sizeof(T) bytes.
template <class T>
__device__ __forceinline__ T& shared_memory([[maybe_unused]] Where where = Where::here()) {
  static_assert(alignof(T) <= 1024, "shared memory begins at a multiple of 1024 bytes and no more");
#ifdef __CUDACC__
  extern __shared__ __align__(1024) unsigned char gpubench_shared_memory[];
  return *reinterpret_cast<T*>(gpubench_shared_memory);
#else
  const emulator::SharedMemory& shared = emulator::current().block->shared;
  if (shared.bytes() < sizeof(T))
    emulator::fail(
        "shared memory",
        where,
        "the kernel needs " + std::to_string(sizeof(T)) + " bytes, the launch gives " + std::to_string(shared.bytes()));
  return *reinterpret_cast<T*>(shared.data());
#endif
}

/// An address in the shared window, as instructions want it.
__device__ __forceinline__ std::uint32_t shared_address(const void* pointer,
                                                        [[maybe_unused]] Where where = Where::here()) {
#ifdef __CUDACC__
  return static_cast<std::uint32_t>(__cvta_generic_to_shared(pointer));
#else
  const emulator::SharedMemory& shared = emulator::current().block->shared;
  // One past the end is an address that may be computed.
  if (!shared.contains(pointer, 0)) emulator::fail("cvta.to.shared", where, "the pointer is not to shared memory");
  return shared.address_of(pointer);
#endif
}

}  // namespace gpubench::ptx
