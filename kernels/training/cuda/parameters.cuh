#pragma once

#include <cstdint>

#include "harness/devices/cuda/ptx/global.cuh"

// FP32 numbers that belong to the columns (or channels) of one vector of activations, which has 4 or 8 elements.

namespace gpubench::cuda {

template <int count>
struct Floats {
  float at[count] = {};
};

/// `there` of them from the pointer on, then zeros. They are kept in the caches: other rows want them too. `aligned`:
/// vectors begin at multiples of 16 bytes and are full.
template <int count>
__device__ __forceinline__ Floats<count> load_floats(const float* from, std::int64_t there, bool aligned) {
  static_assert(count % 4 == 0);
  Floats<count> floats;
  if (aligned && there >= count) {
#pragma unroll
    for (int i = 0; i < count; i += 4) {
      const ptx::Vector<float> four = ptx::ld_vector(from + i);
#pragma unroll
      for (int k = 0; k < 4; ++k) floats.at[i + k] = four.at[k];
    }
    return floats;
  }
#pragma unroll
  for (int i = 0; i < count; ++i)
    if (i < there) floats.at[i] = from[i];
  return floats;
}

template <int count>
__device__ __forceinline__ void store_floats(float* to, const Floats<count>& floats, std::int64_t there, bool aligned) {
  static_assert(count % 4 == 0);
  if (aligned && there >= count) {
#pragma unroll
    for (int i = 0; i < count; i += 4) {
      const ptx::Vector<float> four{floats.at[i], floats.at[i + 1], floats.at[i + 2], floats.at[i + 3]};
      ptx::st_vector(to + i, four);
    }
    return;
  }
#pragma unroll
  for (int i = 0; i < count; ++i)
    if (i < there) to[i] = floats.at[i];
}

}  // namespace gpubench::cuda
