#pragma once

#include "harness/devices/cuda/stream.hpp"
#include "kernels/gemm/cuda/product.hpp"

namespace gpubench::cuda {

/// A product as a kernel by wgmma is given it.
struct WgmmaTask {
  const Product& product;
  int parts;
  float* scratch;
  int multiprocessors;
};

// Wide tiles are for products of many of them: the most work for what is fetched. The others are for fewer ones; what
// they fetch more, their clusters share. In clocks of the Tensor Cores a stage (128 bytes of k), and bytes that a block
// fetches for one: 1024 and 32 Ki, 768 and 32 Ki, 512 and 16 Ki, 256 and 16 Ki.
struct WideTile {
  static constexpr int m = 128, n = 256, stages = 4, down = 2, across = 1;
};
struct MediumTile {  // widths of transformers are multiples of it
  static constexpr int m = 128, n = 192, stages = 4, down = 1, across = 2;
};
struct SquareTile {
  static constexpr int m = 128, n = 128, stages = 6, down = 2, across = 2;
};
struct NarrowTile {
  static constexpr int m = 128, n = 64, stages = 8, down = 1, across = 2;
};
template <class Shape>
constexpr Tile tile_of(int k) {
  return {Shape::m, Shape::n, k, Shape::stages, Shape::down, Shape::across};
}
inline constexpr Tile tiles_of_16_bits[] = {
    tile_of<WideTile>(64), tile_of<SquareTile>(64), tile_of<NarrowTile>(64), tile_of<MediumTile>(64)};
inline constexpr Tile tiles_of_tf32[] = {
    tile_of<WideTile>(32), tile_of<SquareTile>(32), tile_of<NarrowTile>(32), tile_of<MediumTile>(32)};
/// Promoted sums are there twice: for more than 128 columns there are not the registers.
inline constexpr Tile tiles_of_fp8[] = {
    tile_of<SquareTile>(128), tile_of<NarrowTile>(128), tile_of<WideTile>(128), tile_of<MediumTile>(128)};

// Each format in a file of its own, because these kernels take seconds each to compile. `tile` as in wgmma_tiles().
void wgmma_bf16(Stream stream, const WgmmaTask& task, int tile);
void wgmma_fp16(Stream stream, const WgmmaTask& task, int tile);
void wgmma_tf32(Stream stream, const WgmmaTask& task, int tile);
void wgmma_fp8(Stream stream, const WgmmaTask& task, int tile);

/// Capability that the code of these kernels is for: 90, or less where a driver compiled them from older code.
int wgmma_compiled_for();

}  // namespace gpubench::cuda
