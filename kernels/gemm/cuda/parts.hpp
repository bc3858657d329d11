#pragma once

#include "harness/devices/cuda/stream.hpp"
#include "kernels/gemm/cuda/product.hpp"

namespace gpubench::cuda {

/// Where the sums over k were made in parts by several blocks: adds the parts, always in the same order, and does what
/// is done at the end of a product. @param parts m x n FP32 numbers each, one part after the other
void add_parts(Stream stream, const Product& product, const float* parts, int count);

}  // namespace gpubench::cuda
