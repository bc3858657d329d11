#pragma once

#include <cstddef>
#include <cstdint>

#include "harness/devices/cuda/stream.hpp"
#include "kernels/training/operation.hpp"

namespace gpubench::cuda {

/// Bytes that softmax_cross_entropy() wants for the loss of each row.
std::size_t softmax_cross_entropy_workspace(const training::SoftmaxCrossEntropy& operation);

/// As training::SoftmaxCrossEntropy defines it: loss (FP32 {1}) = mean over rows of log(sum exp(logits)) -
/// logits[label], and dlogits ({rows, classes} of the operation's type) = share * state.loss_scale / rows * (softmax -
/// one at the label). The probabilities are not stored. logits: FP32 {rows, classes}, labels: int32 {rows}, state: FP32
/// StepState::shape(). Sums are FP32, in a fixed order. A row with a NaN, an infinity upwards, or a label that is none
/// of the classes has a loss of NaN, which makes the whole loss one; such a label reads nothing. dlogits and logits are
/// different arrays; where both begin at multiples of 16 bytes they are faster, whatever the number of classes.
/// @throws Error for a type that is no floating-point number, a shape that is not positive, and arrays between elements
/// of their type
void softmax_cross_entropy(Stream stream,
                           const training::SoftmaxCrossEntropy& operation,
                           const float* logits,
                           const std::int32_t* labels,
                           const float* state,
                           float* loss,
                           void* dlogits,
                           float* workspace);

}  // namespace gpubench::cuda
