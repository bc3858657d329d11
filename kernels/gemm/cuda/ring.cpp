#include "kernels/gemm/cuda/ring.hpp"

#include <string>

#include "harness/core/error.hpp"
#include "kernels/gemm/cuda/parts.hpp"
#include "kernels/gemm/cuda/product_rules.hpp"
#include "kernels/gemm/cuda/ring_formats.hpp"
#include "kernels/gemm/cuda/ring_shape.hpp"

namespace gpubench::cuda {
namespace {

template <int bytes>
constexpr Tile tiles_of[] = {LargeRing::tile(bytes), MiddleRing::tile(bytes), SmallRing::tile(bytes)};

}  // namespace

std::span<const Tile> ring_tiles(Precision format) {
  switch (format) {
    case Precision::tf32: return tiles_of<4>;
    case Precision::fp16:
    case Precision::bf16: return tiles_of<2>;
    default: return {};
  }
}

bool ring_takes_vectors(const Product& product) {
  return rows_at_multiples(product.a, product.format, 16) && rows_at_multiples(product.b, product.format, 16);
}

void ring_gemm(Stream stream, const Product& product, int tile, int parts, float* scratch) {
  const auto tiles = ring_tiles(product.format);
  if (tiles.empty())
    throw Error("mma.sync multiplies no " + std::string(name(product.format)) + " here: tf32, fp16 and bf16");
  if (tile < 0 || tile >= static_cast<int>(tiles.size()))
    throw Error("there is no tile " + std::to_string(tile) + " of a product by mma.sync");
  require_product(product, parts, scratch);
  if (product.m == 0 || product.n == 0) return;
  switch (product.format) {
    case Precision::bf16: ring_gemm_bf16(stream, product, tile, parts, scratch); break;
    case Precision::fp16: ring_gemm_fp16(stream, product, tile, parts, scratch); break;
    default: ring_gemm_tf32(stream, product, tile, parts, scratch);
  }
  if (parts > 1) add_parts(stream, product, scratch, parts);
}

}  // namespace gpubench::cuda
