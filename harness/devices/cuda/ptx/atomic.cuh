#pragma once

#include <type_traits>

#include "harness/devices/cuda/ptx/global.cuh"
#include "harness/devices/cuda/ptx/language.cuh"

namespace gpubench::ptx {

// Atomic for all threads of the GPU, on global memory. They order nothing but themselves (relaxed). A GPU takes
// subnormal FP32 numbers for zeros here.

template <class T>
concept Added = std::is_same_v<T, float> || std::is_same_v<T, double> || std::is_same_v<T, std::int32_t> ||
    std::is_same_v<T, std::uint32_t>;

/// *to += value; nobody is told what was there. The order of additions, so the rounding of a sum, is not fixed.
template <Added T>
__device__ __forceinline__ void red_add(T* to, T value, [[maybe_unused]] Where where = Where::here()) {
#ifdef __CUDACC__
  atomicAdd(to, value);
#else
  check_global("red.global.add", where, to, sizeof(T));
  *to += value;
#endif
}

/// *to = max(*to, value)
__device__ __forceinline__ void red_max(std::uint32_t* to,
                                        std::uint32_t value,
                                        [[maybe_unused]] Where where = Where::here()) {
#ifdef __CUDACC__
  atomicMax(to, value);
#else
  check_global("red.global.max", where, to, sizeof *to);
  if (*to < value) *to = value;
#endif
}

/// *to += value. @returns what was there before
__device__ __forceinline__ std::uint32_t atom_add(std::uint32_t* to,
                                                  std::uint32_t value,
                                                  [[maybe_unused]] Where where = Where::here()) {
#ifdef __CUDACC__
  return atomicAdd(to, value);
#else
  check_global("atom.global.add", where, to, sizeof *to);
  const std::uint32_t before = *to;
  *to = before + value;
  emulator::current().block->grid->note_progress();
  return before;
#endif
}

/// What a block that waits for another one reads again and again; what that one wrote before st_release() is seen.
__device__ __forceinline__ std::uint32_t ld_acquire(const std::uint32_t* from,
                                                    [[maybe_unused]] Where where = Where::here()) {
#ifdef __CUDACC__
  std::uint32_t value;
  asm volatile("ld.acquire.gpu.global.u32 %0, [%1];" : "=r"(value) : "l"(from) : "memory");
  return value;
#else
  check_global("ld.acquire.gpu.global", where, from, sizeof *from);
  emulator::poll("ld.acquire.gpu.global", where);
  return *from;
#endif
}

__device__ __forceinline__ void st_release(std::uint32_t* to,
                                           std::uint32_t value,
                                           [[maybe_unused]] Where where = Where::here()) {
#ifdef __CUDACC__
  asm volatile("st.release.gpu.global.u32 [%0], %1;" ::"l"(to), "r"(value) : "memory");
#else
  check_global("st.release.gpu.global", where, to, sizeof *to);
  *to = value;
  emulator::current().block->grid->note_progress();
#endif
}

}  // namespace gpubench::ptx
