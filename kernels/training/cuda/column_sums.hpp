#pragma once

#include <cstdint>

#include "harness/devices/cuda/stream.hpp"

namespace gpubench::cuda {

/// The second stage of two sums over the rows of a matrix: first[c] = sum over p of parts[p][c], and second[c] the same
/// of parts[count + p][c]. `parts` is FP32 {2, count, columns}, what the blocks of a first stage have left. The order
/// of additions is fixed. @throws Error where count or columns is not positive
void add_parts(
    Stream stream, const float* parts, std::int64_t count, std::int64_t columns, float* first, float* second);

}  // namespace gpubench::cuda
