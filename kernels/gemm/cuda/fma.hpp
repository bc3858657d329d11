#pragma once

#include <span>

#include "harness/devices/cuda/stream.hpp"
#include "kernels/gemm/cuda/product.hpp"

namespace gpubench::cuda {

// FP32 products on the CUDA cores: each product and sum is one fused multiply-add.

/// The tiles that there are: for products that fill the GPU with the first, for smaller ones, and for small ones.
std::span<const Tile> fma_tiles();

/// Enqueues the product; parameters as for ring_gemm(). An operand that lies along m or n is fetched fastest at
/// multiples of 16 bytes (base and pitch); one that lies along k is always turned on the way, four bytes at a time.
/// @throws Error for what it does not take
void fma_gemm(Stream stream, const Product& product, int tile, int parts, float* scratch);

}  // namespace gpubench::cuda
