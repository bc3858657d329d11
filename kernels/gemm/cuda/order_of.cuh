#pragma once

#include <cstdint>

#include "harness/core/error.hpp"
#include "kernels/gemm/cuda/product.hpp"
#include "kernels/gemm/cuda/tile_order.cuh"

namespace gpubench::cuda {

/// How the tiles of a product are taken by blocks, one each. @throws Error where there are more than one launch has
inline TileOrder order_of(const Product& product, const Tile& tile, int parts) {
  const std::int64_t rows = (product.m + tile.m - 1) / tile.m, columns = (product.n + tile.n - 1) / tile.n;
  // Each factor is below 2^31, so that no product of two overflows.
  constexpr std::int64_t largest = (std::int64_t{1} << 31) - 1;
  if (rows * columns > largest || rows * columns * parts > largest)
    throw Error("a product has more tiles than one launch has blocks");
  constexpr int band = 8;
  return {static_cast<int>(rows), static_cast<int>(columns), parts, band};
}

}  // namespace gpubench::cuda
