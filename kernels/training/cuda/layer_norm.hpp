#pragma once

#include <cstddef>
#include <cstdint>

#include "harness/devices/cuda/stream.hpp"
#include "kernels/training/operation.hpp"

namespace gpubench::cuda {

// Layer normalisation as training::LayerNormForward and LayerNormBackward define it. x, y, dx, dy: {rows, width} of the
// operation's type; mean, variance: FP32 {rows}; scale, shift, dscale, dshift: FP32 {width}. Sums and statistics are
// FP32, and their order is fixed. Arrays do not overlap; where they begin at multiples of 16 bytes and the width is a
// multiple of 8 (of FP32: 4) they are faster.

/// The widest row: a row is kept in the registers of a block, so that it is read once.
inline constexpr std::int64_t widest_layer_norm = 8192;

/// @throws Error for a type that is no floating-point number, a shape that is not positive, arrays between elements of
/// their type, epsilon that is not positive; Unsupported for a row that is too wide
void layer_norm_forward(Stream stream,
                        const training::LayerNormForward& operation,
                        const void* x,
                        const float* scale,
                        const float* shift,
                        void* y,
                        float* mean,
                        float* variance);

/// Bytes that layer_norm_backward() wants for the sums of its blocks.
std::size_t layer_norm_backward_workspace(const training::LayerNormBackward& operation);

/// dx, dscale and dshift in one pass over x and dy, and a small one over the workspace. The workspace begins at a
/// multiple of 16 bytes. @throws as layer_norm_forward()
void layer_norm_backward(Stream stream,
                         const training::LayerNormBackward& operation,
                         const void* x,
                         const float* mean,
                         const float* variance,
                         const float* scale,
                         const void* dy,
                         void* dx,
                         float* dscale,
                         float* dshift,
                         float* workspace);

}  // namespace gpubench::cuda
