#pragma once

#include "kernels/gemm/cuda/product.hpp"

namespace gpubench::cuda {

/// A tile of m x n, of which each warp has warp_m x warp_n, and k_bytes of k a stage.
template <int tile_m, int tile_n, int warp_tile_m, int warp_tile_n, int k_bytes, int stages_, int blocks>
struct RingShape {
  static constexpr int m = tile_m, n = tile_n, warp_m = warp_tile_m, warp_n = warp_tile_n;
  static constexpr int bytes_along_k = k_bytes, stages = stages_, blocks_per_multiprocessor = blocks;
  static constexpr int warps_across = n / warp_n, threads = m / warp_m * warps_across * 32;
  static constexpr int stage_bytes = (m + n) * k_bytes;
  static constexpr int steps = k_bytes / 32;  // one mma each
  static_assert(steps % 2 == 0, "fragments of one step are read while those of the other are multiplied");

  // A warp's sums leave by shared memory, 16 rows at a time. Eight more a row: rows g and columns 2 t of the warp's
  // fragments are in different banks.
  static constexpr int slab = 16, slab_pitch = warp_n + 8;
  static constexpr int slab_bytes = slab * slab_pitch * 4 * (threads / 32);
  static constexpr int shared_bytes = stages * stage_bytes;
  static_assert(slab_bytes <= shared_bytes);

  static constexpr Tile tile(int element_bytes) { return {m, n, k_bytes / element_bytes, stages, 1}; }
};

// Warps of 64 x 64 read 4 KiB of shared memory for 32 mma, half of what it gives meanwhile on an A100. No tile takes
// more than the 99 KiB that a block may have on GPUs after sm_80 that are smaller.
using LargeRing = RingShape<128, 256, 64, 64, 64, 4, 1>;
using MiddleRing = RingShape<128, 128, 64, 64, 64, 4, 2>;
using SmallRing = RingShape<64, 64, 32, 32, 128, 3, 3>;

}  // namespace gpubench::cuda
