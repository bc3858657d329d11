#pragma once

#include <cstdint>

#include "harness/devices/cuda/stream.hpp"
#include "kernels/training/tensor.hpp"

namespace gpubench::cuda {

// GELU in its tanh form, as training::GeluForward and GeluBackward define it. Arrays of `count` elements of `type` that
// do not overlap; they may begin anywhere, at multiples of 16 bytes they are faster. FP32 inside. An infinity that
// goes to zero times infinity (x = -inf) becomes NaN, as in the definition.

/// y = x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))) (Hendrycks and Gimpel 2016).
/// @throws Error for other types than f32, bf16 and f16, a negative count, or arrays between their elements
void gelu_forward(Stream stream, training::Type type, const void* x, void* y, std::int64_t count);

/// dx = dy * (d y / d x at x). @throws Error as gelu_forward()
void gelu_backward(Stream stream, training::Type type, const void* x, const void* dy, void* dx, std::int64_t count);

}  // namespace gpubench::cuda
