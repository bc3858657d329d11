#pragma once

#include "kernels/gemm/cuda/epilogue.cuh"

namespace gpubench::cuda {

/// Elements of a row of c that are 16 bytes.
template <class Out>
inline constexpr int stored_at_once = ptx::Vector<Out>::size;

/// The epilogue of one vector of a row, that may end within it. Computes what before_activation() does.
/// @param there columns of c from `column` on
/// @param aligned vectors of c, bias and aux begin where one instruction can access them
template <class Out>
__device__ __forceinline__ void store_sums(const TileEpilogue<Out>& epilogue,
                                           const float (&sums)[stored_at_once<Out>],
                                           int row,
                                           int column,
                                           int there,
                                           bool aligned) {
  constexpr int each = stored_at_once<Out>;
  const std::int64_t at = row * epilogue.pitch + column;
  float x[each];
#pragma unroll
  for (int i = 0; i < each; ++i) x[i] = epilogue.alpha * sums[i];
  const auto add = [&](const Out* from, float factor) {
    const auto part = load_part<16, Access::plain>(from, there, aligned);
#pragma unroll
    for (int i = 0; i < each; ++i) x[i] += factor * to_float(part.at[i]);
  };
  if (epilogue.beta != 0) add(epilogue.c + at, epilogue.beta);
  if (epilogue.bias) add(epilogue.bias + column, 1);
  ptx::Vector<Out> result;
  if (epilogue.aux) {
#pragma unroll
    for (int i = 0; i < each; ++i) result.at[i] = from_float<Out>(x[i]);
    store_part(epilogue.aux + at, result, there, aligned);
  }
#pragma unroll
  for (int i = 0; i < each; ++i) result.at[i] = from_float<Out>(activated(epilogue.activation, x[i]));
  store_part(epilogue.c + at, result, there, aligned);
}

}  // namespace gpubench::cuda
