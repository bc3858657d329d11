#pragma once

#include <algorithm>
#include <cmath>

#include "kernels/gemm/cuda/parts.hpp"
#include "kernels/gemm/cuda/wgmma.cuh"
#include "kernels/gemm/cuda/wgmma_task.hpp"

namespace gpubench::cuda {

template <class T>
constexpr CUtensorMapDataType tensor_type() {
  if constexpr (std::is_same_v<T, __half>) return CU_TENSOR_MAP_DATA_TYPE_FLOAT16;
  if constexpr (std::is_same_v<T, __nv_bfloat16>) return CU_TENSOR_MAP_DATA_TYPE_BFLOAT16;
  if constexpr (std::is_same_v<T, __nv_fp8_e4m3>) return CU_TENSOR_MAP_DATA_TYPE_UINT8;
  return CU_TENSOR_MAP_DATA_TYPE_FLOAT32;  // as it is: the Tensor Cores look at the upper 19 bits
}

/// Tiles of 128 bytes by `tile` rows.
template <class T>
CUtensorMap tile_map(
    const void* base, std::int64_t pitch, std::int64_t columns, std::int64_t rows, std::uint32_t tile) {
  return tensor_map({.type = tensor_type<T>(),
                     .rank = 2,
                     .base = base,
                     .sizes = {static_cast<std::uint64_t>(columns), static_cast<std::uint64_t>(rows)},
                     .strides = {static_cast<std::uint64_t>(pitch) * sizeof(T)},
                     .tile = {static_cast<std::uint32_t>(128 / sizeof(T)), tile},
                     .swizzle = Swizzle::bytes128});
}

template <class S>
void wgmma_launch(Stream stream, const WgmmaTask& task) {
  using In = typename S::In;
  using Out = typename S::Out;
  const Product& product = task.product;
  const std::int64_t m = product.m, n = product.n, k = product.k;
  const auto operand = [&](const Matrix& matrix, bool along_k, std::int64_t other, std::uint32_t rows) {
    return along_k ? tile_map<In>(matrix.data, matrix.pitch, k, other, rows)
                   : tile_map<In>(matrix.data, matrix.pitch, other, k, 64);
  };
  const CUtensorMap a = operand(product.a, S::major_a == ptx::Major::k, m, S::a_share);
  const CUtensorMap b = operand(product.b, S::major_b == ptx::Major::k, n, S::b_share);
  CUtensorMap c{}, aux{};
  const bool by_tma = sizeof(Out) == 2 && task.parts == 1 && product.c_pitch * sizeof(Out) % 16 == 0 &&
                      all_aligned({product.c, product.aux}, 16);
  if (by_tma) {
    c = tile_map<Out>(product.c, product.c_pitch, n, m, 64);
    if (product.aux) aux = tile_map<Out>(product.aux, product.c_pitch, n, m, 64);
  }
  const auto pieces = [](std::int64_t all, int each) { return static_cast<int>((all + each - 1) / each); };
  const int clusters = most_clusters<wgmma_gemm_kernel<S>>(
      {.block = S::threads, .shared_bytes = sizeof(WgmmaShared<S>), .cluster = S::cluster}, task.multiprocessors);
  // Tiles that are computed at the same time make up a square, so that they read the least.
  const double side = std::sqrt(static_cast<double>(clusters) * (S::n * S::across) / (S::m * S::down));
  const TileOrder order{.rows = pieces(m, S::m * S::down),
                        .columns = pieces(n, S::n * S::across),
                        .parts = task.parts,
                        .band = std::max(1, static_cast<int>(std::lround(side)))};
  const WgmmaGrid grid{.m = static_cast<int>(m),
                       .n = static_cast<int>(n),
                       .order = order,
                       .stages = pieces(k, S::k),
                       .stored_by_tma = by_tma};
  launch<wgmma_gemm_kernel<S>>(stream,
                               {.grid = static_cast<unsigned>(std::min(order.count(), clusters) * S::cluster),
                                .block = S::threads,
                                .shared_bytes = sizeof(WgmmaShared<S>),
                                .cluster = S::cluster},
                               a,
                               b,
                               c,
                               aux,
                               grid,
                               epilogue_of<Out>(product),
                               task.scratch);
  if (task.parts > 1) add_parts(stream, product, task.scratch, task.parts);
}

/// By how the operands lie, of 16 bits.
template <class In, class TileShape>
void wgmma_any_order(Stream stream, const WgmmaTask& task) {
  using enum ptx::Major;
  const bool b_along_k = task.product.b.transposed;
  if (task.product.a.transposed)
    return b_along_k ? wgmma_launch<WgmmaShape<In, other, k, TileShape>>(stream, task)
                     : wgmma_launch<WgmmaShape<In, other, other, TileShape>>(stream, task);
  return b_along_k ? wgmma_launch<WgmmaShape<In, k, k, TileShape>>(stream, task)
                   : wgmma_launch<WgmmaShape<In, k, other, TileShape>>(stream, task);
}

}  // namespace gpubench::cuda
