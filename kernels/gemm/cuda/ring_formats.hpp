#pragma once

#include "harness/devices/cuda/stream.hpp"
#include "kernels/gemm/cuda/product.hpp"

namespace gpubench::cuda {

// What ring_gemm() calls, with the product checked; a file for each format, because they take long to compile. Parts of
// sums are stored and not yet added.
void ring_gemm_bf16(Stream stream, const Product& product, int tile, int parts, float* scratch);
void ring_gemm_fp16(Stream stream, const Product& product, int tile, int parts, float* scratch);
void ring_gemm_tf32(Stream stream, const Product& product, int tile, int parts, float* scratch);

}  // namespace gpubench::cuda
