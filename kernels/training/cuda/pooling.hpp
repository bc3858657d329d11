#pragma once

#include <cstddef>
#include <cstdint>

#include "harness/devices/cuda/stream.hpp"
#include "kernels/training/operation.hpp"

namespace gpubench::cuda {

// Pooling as training::MaxPoolForward … AveragePoolBackward define it. Images are in memory as {n, h, w, c} (NHWC), of
// the operation's type; sums are FP32, in a fixed order. Arrays do not overlap; where they begin at multiples of 16
// bytes and there are a multiple of 8 (of FP32: 4) channels they are faster. All throw Error for a type that is no
// floating-point number, a shape that is not positive, and arrays between elements of their type.

/// Bytes of argmax: for each element of y, at its place, which element of its window it is (row * kernel + column).
/// @throws Error for a window of more than 255 elements, or one that can lie in the padding altogether
std::size_t max_pool_argmax_bytes(const training::PoolShape& shape);

/// The first maximum of a window in row-major order; a NaN wins. @throws Error also as max_pool_argmax_bytes(), and for
/// an argmax that does not begin at a multiple of 8 bytes
void max_pool_forward(
    Stream stream, const training::MaxPoolForward& operation, const void* x, void* y, std::uint8_t* argmax);

/// dx = the sum of dy over the windows that chose the element; x itself is not needed. @throws as max_pool_forward()
void max_pool_backward(
    Stream stream, const training::MaxPoolBackward& operation, const std::uint8_t* argmax, const void* dy, void* dx);

/// y {n, c} = the mean over h and w.
void average_pool_forward(Stream stream, const training::AveragePoolForward& operation, const void* x, void* y);

/// dx = dy {n, c} / (h * w)
void average_pool_backward(Stream stream, const training::AveragePoolBackward& operation, const void* dy, void* dx);

}  // namespace gpubench::cuda
