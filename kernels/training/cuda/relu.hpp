#pragma once

#include <cstdint>

#include "harness/devices/cuda/stream.hpp"
#include "kernels/training/tensor.hpp"

namespace gpubench::cuda {

// ReLU as training::AddReluForward and ReluBackward define it. Arrays of `count` elements of `type` that do not
// overlap; they may begin anywhere, at multiples of 16 bytes they are faster. Both throw Error for other types than
// f32, bf16 and f16, a negative count, and arrays between their elements.

/// y = max(a + b, 0); NaN stays NaN.
void add_relu_forward(Stream stream, training::Type type, const void* a, const void* b, void* y, std::int64_t count);

/// dx = dy where y > 0, else 0
void relu_backward(Stream stream, training::Type type, const void* y, const void* dy, void* dx, std::int64_t count);

}  // namespace gpubench::cuda
