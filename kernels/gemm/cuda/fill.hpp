#pragma once

#include <cstdint>

#include "harness/core/random.hpp"
#include "harness/devices/cuda/stream.hpp"

namespace gpubench::cuda {

/// Fills `count` elements of `bytes` bytes (1, 2 or 4) with random numbers as kernels/operand_values.hpp defines them:
/// element i gets part i mod (8 / bytes) of draw i / (8 / bytes). `table` holds the bits of each code in elements of
/// the same size; its size is 65536, or 256 for elements of one byte. Null: 4-byte elements, uniform. `to` is a
/// multiple of 8 bytes.
void fill_operand(Stream stream, void* to, std::int64_t count, int bytes, const Random& random, const void* table);

}  // namespace gpubench::cuda
