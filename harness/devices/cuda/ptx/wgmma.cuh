#pragma once

#include <type_traits>

#include "harness/devices/cuda/ptx/formats.cuh"
#include "harness/devices/cuda/ptx/shared.cuh"
#include "harness/devices/cuda/ptx/wgmma_registers.cuh"
#include "harness/devices/cuda/tensor_map.hpp"

#ifndef __CUDACC__
#include "harness/devices/cuda/emulator/warpgroup_matrix.hpp"
#endif

namespace gpubench::ptx {

// wgmma: products by the four warps of a warpgroup, from shared memory, while the threads do something else. Code for
// sm_90a only: elsewhere a kernel that calls it traps.

/// Where a matrix lies in shared memory, as wgmma takes it (PTX ISA, canonical layouts). What the distances in bytes
/// are, and what to add (in 16 bytes) for the next 32 bytes of K:
///
///   contiguous  swizzle   `leading`                    `stride`                    next step of K
///   K           none      to the next 16 bytes of K    to the next 8 rows          2 * leading / 16
///   K           32 - 128  of no use                    to the next 8 rows          2
///   the other   none      to the next 8 of K           to the next 8 of the other  2 * leading / 16
///   the other   32 - 128  to the next `swizzle` bytes  to the next 8 of K          2 * stride / 16
///
/// All are multiples of 16. A swizzled matrix begins at a multiple of 8 * `swizzle`.
__device__ __forceinline__ std::uint64_t matrix_descriptor(std::uint32_t address,
                                                           std::uint32_t leading,
                                                           std::uint32_t stride,
                                                           cuda::Swizzle swizzle) {
  const std::uint64_t mode = swizzle == cuda::Swizzle::bytes128  ? 1
                             : swizzle == cuda::Swizzle::bytes64 ? 2
                             : swizzle == cuda::Swizzle::bytes32 ? 3
                                                                 : 0;
  return std::uint64_t{(address & 0x3ffff) >> 4} | std::uint64_t{(leading & 0x3ffff) >> 4} << 16 |
         std::uint64_t{(stride & 0x3ffff) >> 4} << 32 | mode << 62;
}

/// Which dimension of an operand is contiguous: K, or the other one (16-bit formats only).
enum class Major { k, other };

#if defined(GPUBENCH_SM90A)
#define GPUBENCH_WGMMA_N(n, registers, k, types, layout, ...)                                                        \
  if constexpr (N == n)                                                                                              \
  asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, " GPUBENCH_ADD_##registers                                          \
               ", 0;\nwgmma.mma_async.sync.aligned.m64n" #n "k" #k ".f32." types " {" GPUBENCH_REGISTERS_##registers \
               "}, " GPUBENCH_OPERANDS_##registers GPUBENCH_##layout##_##registers ";\n}\n"                          \
               : GPUBENCH_ACCUMULATORS_##registers(d)                                                                \
               : "l"(a), "l"(b), "r"(static_cast<int>(accumulate))__VA_ARGS__)
#define GPUBENCH_WGMMA(k, types, layout, ...)                  \
  do {                                                         \
    GPUBENCH_WGMMA_N(8, 4, k, types, layout, __VA_ARGS__);     \
    GPUBENCH_WGMMA_N(16, 8, k, types, layout, __VA_ARGS__);    \
    GPUBENCH_WGMMA_N(32, 16, k, types, layout, __VA_ARGS__);   \
    GPUBENCH_WGMMA_N(64, 32, k, types, layout, __VA_ARGS__);   \
    GPUBENCH_WGMMA_N(96, 48, k, types, layout, __VA_ARGS__);   \
    GPUBENCH_WGMMA_N(128, 64, k, types, layout, __VA_ARGS__);  \
    GPUBENCH_WGMMA_N(192, 96, k, types, layout, __VA_ARGS__);  \
    GPUBENCH_WGMMA_N(256, 128, k, types, layout, __VA_ARGS__); \
  } while (false)
#endif

/// Begins d = a b, or d += a b where `accumulate` is set: 64 x K and K x N, K being 32 bytes of T. The accumulators are
/// those of mma() for 16 rows in each of the four warps, 8 columns after the others: nobody may touch them until
/// wgmma_wait. N is 8, 16, 32, 64, 96, 128, 192 or 256. @param a, b see matrix_descriptor()
template <class T, unsigned N, Major major_a = Major::k, Major major_b = Major::k>
__device__ __forceinline__ void wgmma(float (&d)[N / 2],
                                      std::uint64_t a,
                                      std::uint64_t b,
                                      bool accumulate,
                                      [[maybe_unused]] Where where = Where::here()) {
  static_assert(N == 8 || N == 16 || N == 32 || N == 64 || N == 96 || N == 128 || N == 192 || N == 256);
  static_assert(std::is_same_v<SumOf<T>, float>, "integer products have no wrapper yet");
  constexpr bool two_bytes = std::is_same_v<T, __nv_bfloat16> || std::is_same_v<T, __half>;
  static_assert(two_bytes || (major_a == Major::k && major_b == Major::k), "only 16-bit operands can be transposed");
#ifndef __CUDACC__
  constexpr bool transposed_a = major_a == Major::other, transposed_b = major_b == Major::other;
  emulator::issue_product(where, Multiplied<T>::format, d, {a, transposed_a}, {b, transposed_b}, accumulate);
#elif defined(GPUBENCH_SM90A)
  constexpr int transposed_a = major_a == Major::other, transposed_b = major_b == Major::other;
  if constexpr (std::is_same_v<T, __nv_bfloat16>)
    GPUBENCH_WGMMA(16, "bf16.bf16", TRANSPOSED, , "n"(transposed_a), "n"(transposed_b));
  if constexpr (std::is_same_v<T, __half>)
    GPUBENCH_WGMMA(16, "f16.f16", TRANSPOSED, , "n"(transposed_a), "n"(transposed_b));
  if constexpr (std::is_same_v<T, Tf32>) GPUBENCH_WGMMA(8, "tf32.tf32", PLAIN);
  if constexpr (std::is_same_v<T, __nv_fp8_e4m3>) GPUBENCH_WGMMA(32, "e4m3.e4m3", PLAIN);
  if constexpr (std::is_same_v<T, __nv_fp8_e5m2>) GPUBENCH_WGMMA(32, "e5m2.e5m2", PLAIN);
#else
  __trap();
#endif
}

#undef GPUBENCH_WGMMA
#undef GPUBENCH_WGMMA_N

#if defined(__CUDACC__)
/// The compiler may not move what is done to the accumulators over this.
template <unsigned n>
__device__ __forceinline__ void hold(float (&d)[n]) {
#pragma unroll
  for (unsigned i = 0; i < n; ++i) asm volatile("" : "+f"(d[i])::"memory");
}
#endif

/// Before the first wgmma whose accumulators the threads have not touched, or all of whose values are overwritten.
__device__ __forceinline__ void wgmma_fence([[maybe_unused]] Where where = Where::here()) {
#ifndef __CUDACC__
  emulator::fence_products(where);
#elif defined(GPUBENCH_SM90A)
  asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
#else
  __trap();
#endif
}

/// Before a wgmma that adds to what the threads have put into its accumulators.
template <unsigned n>
__device__ __forceinline__ void wgmma_fence([[maybe_unused]] float (&d)[n], Where where = Where::here()) {
#ifdef __CUDACC__
  hold(d);
#endif
  wgmma_fence(where);
}

/// Ends a group of products.
__device__ __forceinline__ void wgmma_commit([[maybe_unused]] Where where = Where::here()) {
#ifndef __CUDACC__
  emulator::commit_products(where);
#elif defined(GPUBENCH_SM90A)
  asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
#else
  __trap();
#endif
}

/// Waits until at most `groups` groups are under way; the threads do not touch any accumulators after it.
template <unsigned groups>
__device__ __forceinline__ void wgmma_wait([[maybe_unused]] Where where = Where::here()) {
#ifndef __CUDACC__
  emulator::wait_for_products(where, groups);
#elif defined(GPUBENCH_SM90A)
  asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(groups) : "memory");
#else
  __trap();
#endif
}

/// The same, and these accumulators may be used after it.
template <unsigned groups, unsigned n>
__device__ __forceinline__ void wgmma_wait([[maybe_unused]] float (&d)[n], Where where = Where::here()) {
  wgmma_wait<groups>(where);
#ifdef __CUDACC__
  hold(d);
#endif
}

}  // namespace gpubench::ptx
