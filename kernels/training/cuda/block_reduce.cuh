#pragma once

#include "harness/devices/cuda/ptx/barrier.cuh"
#include "harness/devices/cuda/ptx/shuffle.cuh"

// Sums and maxima over the threads that work on one row: a warp (`threads` is 32, the block may have several), or the
// whole block. The order of additions is fixed by the threads' numbers alone, so the same values give the same bits.
// All threads take part, and each gets the result.

namespace gpubench::cuda {

/// Where the warps leave their parts of `count` reductions at once: a member of the kernel's shared memory. A
/// reduction may use it again as soon as it has returned.
template <int threads, int count>
struct WarpParts {
  static_assert(threads % 32 == 0 && threads <= 1024);
  float of[count][threads / 32];
};

/// `combine(value)` reduces over a warp, `nothing` changes no result.
template <int threads, int count, class Combine>
__device__ __forceinline__ void block_reduce(float (&values)[count],
                                             WarpParts<threads, count>& parts,
                                             float nothing,
                                             const Combine& combine) {
  constexpr unsigned warps = threads / 32;
#pragma unroll
  for (float& value : values) value = combine(value);
  if constexpr (warps > 1) {
#pragma unroll
    for (int i = 0; i < count; ++i)
      if (ptx::lane_id() == 0) parts.of[i][ptx::warp_id()] = values[i];
    ptx::bar_sync();
    // Every warp reduces the parts for itself: that costs shuffles, and saves a barrier.
#pragma unroll
    for (int i = 0; i < count; ++i) values[i] = combine(ptx::lane_id() < warps ? parts.of[i][ptx::lane_id()] : nothing);
    ptx::bar_sync();  // nobody overwrites a part that another warp has yet to read
  }
}

/// values[i] = the sum of all threads' values[i]
template <int threads, int count>
__device__ __forceinline__ void block_sum(float (&values)[count], WarpParts<threads, count>& parts) {
  block_reduce<threads>(values, parts, 0.0F, [](float value) { return ptx::warp_sum(value); });
}

template <int threads>
__device__ __forceinline__ float block_sum(float value, WarpParts<threads, 1>& parts) {
  float values[1] = {value};
  block_sum<threads>(values, parts);
  return values[0];
}

/// NaN is passed over, as fmaxf() does.
template <int threads>
__device__ __forceinline__ float block_max(float value, WarpParts<threads, 1>& parts) {
  float values[1] = {value};
  block_reduce<threads>(values, parts, -INFINITY, [](float all) { return ptx::warp_max(all); });
  return values[0];
}

}  // namespace gpubench::cuda
