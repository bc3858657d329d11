#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "harness/core/work.hpp"
#include "kernels/training/tensor.hpp"

namespace gpubench::training {

// The operations a training step is made of, each a problem of its own: plain values that know their operands and cost.
// Operand orders are given as `inputs -> outputs`. `type` is what activations and matrix operands are stored in; sums,
// statistics, parameters of normalisations, gradients of parameters and the optimizer are FP32 always.

/// y[n,k,p,q] = sum over c,r,s of x[n, c, p*stride + r - padding, q*stride + s - padding] * w[k,c,r,s]; zero outside.
struct ConvolutionShape {
  std::int64_t batch = 1, in_channels = 1, height = 1, width = 1;
  std::int64_t out_channels = 1, kernel = 1, stride = 1, padding = 0;  ///< square filters

  std::int64_t out_height() const { return (height + 2 * padding - kernel) / stride + 1; }
  std::int64_t out_width() const { return (width + 2 * padding - kernel) / stride + 1; }
  Shape x() const { return {batch, in_channels, height, width}; }
  Shape w() const { return {out_channels, in_channels, kernel, kernel}; }
  Shape y() const { return {batch, out_channels, out_height(), out_width()}; }
  /// 2 per multiply-add, taps in the padding counted (the convention of cuDNN, oneDNN and the papers).
  double flops() const;
};

struct ConvolutionForward {  ///< x, w -> y
  ConvolutionShape shape{};
  Type type = Type::f32;
};
struct ConvolutionDataGradient {  ///< dy, w -> dx
  ConvolutionShape shape{};
  Type type = Type::f32;
};
struct ConvolutionWeightGradient {  ///< x, dy -> dw (FP32)
  ConvolutionShape shape{};
  Type type = Type::f32;
};

/// y = scale * (x - mean) / sqrt(variance + epsilon) + shift by channel, then ReLU where asked. Mean and (biased)
/// variance are those of this batch over n, h, w.
struct BatchNormForward {  ///< x, scale, shift -> y, mean, variance, mask (opaque, for the backward pass; 0 bytes if
                           ///< unused)
  Shape shape{};           ///< {n, c, h, w}
  bool relu = false;
  Type type = Type::f32;
  double epsilon = 1e-5;
};
struct BatchNormBackward {  ///< x, y, mean, variance, scale, shift, mask, dy -> dx, dscale, dshift
  Shape shape{};
  bool relu = false;
  Type type = Type::f32;
  double epsilon = 1e-5;
};

struct AddReluForward {  ///< a, b -> y = max(a + b, 0)
  Shape shape{};
  Type type = Type::f32;
};
struct ReluBackward {  ///< y, dy -> dx = dy where y > 0, else 0
  Shape shape{};
  Type type = Type::f32;
};

/// Windows of kernel x kernel; the padding never wins. Of equal maxima the first in row-major order gets the gradient.
struct PoolShape {
  std::int64_t batch = 1, channels = 1, height = 1, width = 1, kernel = 1, stride = 1, padding = 0;

  std::int64_t out_height() const { return (height + 2 * padding - kernel) / stride + 1; }
  std::int64_t out_width() const { return (width + 2 * padding - kernel) / stride + 1; }
  Shape x() const { return {batch, channels, height, width}; }
  Shape y() const { return {batch, channels, out_height(), out_width()}; }
};
struct MaxPoolForward {  ///< x -> y, argmax (opaque)
  PoolShape shape{};
  Type type = Type::f32;
};
struct MaxPoolBackward {  ///< x, argmax, dy -> dx
  PoolShape shape{};
  Type type = Type::f32;
};
struct AveragePoolForward {  ///< x -> y {n, c}: the mean over h and w
  Shape shape{};             ///< {n, c, h, w}
  Type type = Type::f32;
};
struct AveragePoolBackward {  ///< dy {n, c} -> dx
  Shape shape{};
  Type type = Type::f32;
};

/// y[i,o] = sum over j of x[i,j] * w[o,j] + bias[o]; y in FP32 whatever `type` is.
struct LinearShape {
  std::int64_t rows = 1, in = 1, out = 1;
  Shape x() const { return {rows, in}; }
  Shape w() const { return {out, in}; }
  Shape y() const { return {rows, out}; }
};
struct LinearForward {  ///< x, w, bias (FP32) -> y (FP32)
  LinearShape shape{};
  Type type = Type::f32;
};
struct LinearDataGradient {  ///< dy, w -> dx
  LinearShape shape{};
  Type type = Type::f32;
};
struct LinearWeightGradient {  ///< x, dy -> dw (FP32), dbias (FP32)
  LinearShape shape{};
  Type type = Type::f32;
};

/// loss = mean over rows of -log softmax(logits)[label]; dlogits = loss_scale * d loss / d logits, rounded to `type`.
struct SoftmaxCrossEntropy {  ///< logits (FP32) {rows, classes}, labels (int32) {rows} -> loss (FP32) {1}, dlogits
  std::int64_t rows = 1, classes = 1;
  Type type = Type::f32;
  double loss_scale = 1;
};

/// g = gradient / loss_scale + decay * weight; velocity = momentum * velocity + g; weight -= rate * velocity (PyTorch's
/// SGD). Weights, gradients and momentum of all parameters lie one after the other; the first `decayed` elements decay,
/// the rest do not. The rate is an input, one FP32, so that a schedule needs no new plan. loss_scale divides the
/// gradient first.
struct SgdMomentum {  ///< weights, gradients, velocity, rate {1} -> weights, velocity (both in place)
  std::int64_t count = 0, decayed = 0;
  double momentum = 0.9, decay = 1e-4, loss_scale = 1;
};

struct Accumulate {  ///< a, b -> a + b
  Shape shape{};
  Type type = Type::f32;
};

/// Another layout, another type, or both. The engine gives the wanted output as `to`.
struct Reorder {  ///< from -> to
  TensorDesc from{}, to{};
};

using Operation = std::variant<ConvolutionForward,
                               ConvolutionDataGradient,
                               ConvolutionWeightGradient,
                               BatchNormForward,
                               BatchNormBackward,
                               AddReluForward,
                               ReluBackward,
                               MaxPoolForward,
                               MaxPoolBackward,
                               AveragePoolForward,
                               AveragePoolBackward,
                               LinearForward,
                               LinearDataGradient,
                               LinearWeightGradient,
                               SoftmaxCrossEntropy,
                               SgdMomentum,
                               Accumulate,
                               Reorder>;

/// The shapes and types of an operation's operands, layouts left open. Labels and rates are inputs like any other.
struct Operands {
  std::vector<TensorDesc> inputs{}, outputs{};
};
Operands operands(const Operation& operation);

/// FLOPs by definition; bytes: each operand once.
Work work(const Operation& operation);

std::string_view kind(const Operation& operation);  ///< `convolution`, `batch norm`, `linear`, `optimizer`, ...
std::string_view pass(
    const Operation& operation);  ///< `forward`, `data gradient`, `weight gradient`, `backward`, `update`
/// Tells operations apart: equal texts are equal problems. `convolution forward bf16 n16c64h56w56 k64r3s1p1`
std::string text(const Operation& operation);

}  // namespace gpubench::training
