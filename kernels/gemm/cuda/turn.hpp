#pragma once

#include "harness/devices/cuda/stream.hpp"
#include "kernels/gemm/cuda/product.hpp"

namespace gpubench::cuda {

/// Writes a matrix of 32-bit numbers the other way round: what lies as rows x columns becomes columns x rows. For
/// kernels that want another order than an operand has. @param to columns rows that are `pitch` numbers apart
void turn(Stream stream, const Matrix& from, std::int64_t rows, std::int64_t columns, float* to, std::int64_t pitch);

}  // namespace gpubench::cuda
