#pragma once

#include <cstddef>

#include "harness/devices/cuda/stream.hpp"
#include "kernels/training/operation.hpp"

namespace gpubench::cuda {

// Batch normalisation as training::BatchNormForward and BatchNormBackward define it. Images are in memory as {n, h, w,
// c} (NHWC), of the operation's type; mean, variance, scale, shift, dscale, dshift: FP32 {c}. Sums and statistics are
// FP32, and their order is fixed. There is no mask: where the ReLU let a number through, y is above zero. Arrays do not
// overlap; where they begin at multiples of 16 bytes and there are a multiple of 8 (of FP32: 4) channels they are
// faster. All throw Error for a type that is no floating-point number, a shape that is not positive, arrays between
// elements of their type, and epsilon that is not positive.

/// Bytes that batch_norm_forward() wants for the statistics of its blocks.
std::size_t batch_norm_forward_workspace(const training::BatchNormForward& operation);

void batch_norm_forward(Stream stream,
                        const training::BatchNormForward& operation,
                        const void* x,
                        const float* scale,
                        const float* shift,
                        void* y,
                        float* mean,
                        float* variance,
                        float* workspace);

/// Bytes that batch_norm_backward() wants for the sums of its blocks.
std::size_t batch_norm_backward_workspace(const training::BatchNormBackward& operation);

/// @param y the output of the forward pass; without ReLU it is not read
void batch_norm_backward(Stream stream,
                         const training::BatchNormBackward& operation,
                         const void* x,
                         const void* y,
                         const float* mean,
                         const float* variance,
                         const float* scale,
                         const void* dy,
                         void* dx,
                         float* dscale,
                         float* dshift,
                         float* workspace);

}  // namespace gpubench::cuda
