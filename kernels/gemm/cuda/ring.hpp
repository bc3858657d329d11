#pragma once

#include <span>

#include "harness/devices/cuda/stream.hpp"
#include "kernels/gemm/cuda/product.hpp"

namespace gpubench::cuda {

// Products on the Tensor Cores of sm_80 and anything after it: mma.sync, out of a ring of stages in shared memory that
// cp.async fills.

/// The tiles that there are for tf32, fp16 or bf16; none for other formats. The first is for products that fill the GPU
/// with it; the next for smaller ones, and the only one for operands that do not lie at multiples of 16 bytes (base and
/// pitch): whichever tile is asked for, they get this one. The last is for what is small.
std::span<const Tile> ring_tiles(Precision format);

/// Whether vectors of 16 bytes can be fetched from both operands. Where they cannot, it is done in pieces of 4 bytes,
/// and where 16-bit elements are at odd places, one by one, which takes several times as long.
bool ring_takes_vectors(const Product& product);

/// Enqueues the product. TF32 operands are not rounded: Tensor Cores look at the upper 19 bits, as with cuBLAS; the
/// oracle's bound (error_of_products) has room for that.
/// @param tile index into ring_tiles()
/// @param parts 1, or into how many parts the sums over k are cut, for products with few tiles: then add_parts() is
/// enqueued as well
/// @param scratch where parts > 1: parts x m x n numbers
/// @throws Error for what it does not take
void ring_gemm(Stream stream, const Product& product, int tile, int parts, float* scratch);

}  // namespace gpubench::cuda
