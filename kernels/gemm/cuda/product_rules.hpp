#pragma once

#include "kernels/gemm/cuda/product.hpp"

namespace gpubench::cuda {

/// @throws Error for a product that no kernel takes, or that lacks memory: a sentence
void require_product(const Product& product, int parts, const float* scratch);

/// Whether the epilogue may use vectors of 16 bytes: c and all that has columns beside it begin at such places, and so
/// does each of its rows.
bool takes_vectors(const Product& product);

/// Whether every row of an operand begins at a multiple of `bytes`.
bool rows_at_multiples(const Matrix& matrix, Precision format, int bytes);

}  // namespace gpubench::cuda
