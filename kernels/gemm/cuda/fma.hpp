#pragma once

#include <span>

#include "harness/devices/cuda/stream.hpp"
#include "kernels/gemm/cuda/product.hpp"

namespace gpubench::cuda {

// FP32 products on the CUDA cores: each product and sum is one fused multiply-add.

/// The tiles that there are: for products that fill the GPU with the first; for smaller ones, and the only one for what
/// fma_takes_vectors() says no to; for what is small.
std::span<const Tile> fma_tiles();

/// Whether vectors of 16 bytes can be fetched from the operands that do not lie along k; else it is done number by
/// number. Those that lie along k are turned on the way, and fetched number by number anyhow.
bool fma_takes_vectors(const Product& product);

/// Enqueues the product; parameters as for ring_gemm(). @throws Error for what it does not take
void fma_gemm(Stream stream, const Product& product, int tile, int parts, float* scratch);

}  // namespace gpubench::cuda
