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
struct ConvolutionWeightGradient {  ///< x, dy -> dw
  ConvolutionShape shape{};
  Type type = Type::f32;
  Type type_of_dw = Type::f32;  ///< FP32, or `type` for a step that casts it afterwards
};

/// A convolution with what a step does right before or after it, so that memory is passed over once. Statistics are of
/// y by channel, over n, p, q: FP32, before or after y is rounded. Scale and shift are FP32, by channel.
struct FusedConvolution {
  enum class Fusion {
    statistics,             ///< x, w -> y, sum, sum of squares: what the batch norm behind it needs
    normalised_statistics,  ///< x, w, scale, shift -> y, sum, sum of squares; y of max(scale * x + shift, 0) in `type`
    bias_relu,              ///< x, w, bias (`type`) -> y = max(convolution + bias, 0)
    relu_gradient           ///< dy, w, a -> dx = gradient by the images where a > 0, else 0
  };
  ConvolutionShape shape{};
  Type type = Type::f32;
  Fusion fusion = Fusion::statistics;
};
/// As in names of cases: `bn-stats`.
std::string_view name(FusedConvolution::Fusion fusion);

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

/// y[i,o] = sum over j of x[i,j] * w[o,j] + bias[o]. An output layer that shares its matrix with an embedding has no
/// bias.
struct LinearShape {
  std::int64_t rows = 1, in = 1, out = 1;
  bool bias = true;
  Shape x() const { return {rows, in}; }
  Shape w() const { return {out, in}; }
  Shape y() const { return {rows, out}; }
};
struct LinearForward {  ///< x, w, bias (FP32; not without bias) -> y
  LinearShape shape{};
  Type type = Type::f32;
  Type type_of_y = Type::f32;  ///< FP32 for the logits, else `type`
};
struct LinearDataGradient {  ///< dy, w -> dx
  LinearShape shape{};
  Type type = Type::f32;
};
struct LinearWeightGradient {  ///< x, dy -> dw (FP32), dbias (FP32; not without bias)
  LinearShape shape{};
  Type type = Type::f32;
};

/// y = scale * (x - mean) / sqrt(variance + epsilon) + shift by row; mean and (biased) variance over a row's elements.
struct LayerNormForward {  ///< x, scale, shift -> y, mean, variance
  std::int64_t rows = 1, width = 1;
  Type type = Type::f32;
  double epsilon = 1e-5;
};
struct LayerNormBackward {  ///< x, mean, variance, scale, dy -> dx, dscale, dshift
  std::int64_t rows = 1, width = 1;
  Type type = Type::f32;
  double epsilon = 1e-5;
};

/// y = x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))) (Hendrycks and Gimpel 2016; the form that GPT-2 uses).
struct GeluForward {  ///< x -> y
  Shape shape{};
  Type type = Type::f32;
};
struct GeluBackward {  ///< x, dy -> dx
  Shape shape{};
  Type type = Type::f32;
};

/// Rows of tokens, `batch` sequences one after the other; tokens are int32.
struct EmbeddingShape {
  std::int64_t batch = 1, sequence = 1, vocabulary = 1, positions = 1, width = 1;
  std::int64_t rows() const { return batch * sequence; }
  Shape x() const { return {batch, sequence}; }
  Shape table() const { return {vocabulary, width}; }
  Shape position_table() const { return {positions, width}; }
  Shape y() const { return {rows(), width}; }
};
struct EmbeddingForward {  ///< tokens, table (FP32), positions (FP32) -> y[r] = table[token[r]] + positions[r %
                           ///< sequence]
  EmbeddingShape shape{};
  Type type = Type::f32;
};
/// The table's gradient adds to what the output layer, which shares the table, has left there.
struct EmbeddingBackward {  ///< tokens, dy, dtable (FP32) -> dtable, dpositions (FP32)
  EmbeddingShape shape{};
  Type type = Type::f32;
};

/// Causal self-attention: of row t of a sequence and each head, the softmax over s <= t of q[t] . k[s] / sqrt(size of a
/// head) weighs v[s]. A row of qkv holds q, k and v, each with its heads side by side.
struct AttentionShape {
  std::int64_t batch = 1, sequence = 1, heads = 1, head_size = 1;
  std::int64_t rows() const { return batch * sequence; }
  std::int64_t width() const { return heads * head_size; }
  Shape qkv() const { return {rows(), 3 * width()}; }
  Shape y() const { return {rows(), width()}; }
};
struct AttentionForward {  ///< qkv -> y, saved (opaque, for the backward pass)
  AttentionShape shape{};
  Type type = Type::f32;
};
struct AttentionBackward {  ///< qkv, saved, dy -> dqkv
  AttentionShape shape{};
  Type type = Type::f32;
};

/// What a step knows of the steps before it: FP32 numbers on the device, so that no decision needs the host.
struct StepState {
  enum Index { loss_scale, good_steps, overflow, taken, skipped, count };
  /// `good_steps`: since the scale last changed; `overflow`: 1 when this step's gradients are not all finite; `taken`
  /// and `skipped`: updates so far (exact below 2^24).
  static Shape shape() { return {count}; }
};

/// loss = mean over rows of -log softmax(logits)[label]; dlogits = share * state.loss_scale * d loss / d logits,
/// rounded to `type`. The share is that of this batch in an accumulated gradient.
struct SoftmaxCrossEntropy {  ///< logits (FP32) {rows, classes}, labels (int32) {rows}, state -> loss (FP32) {1},
                              ///< dlogits
  std::int64_t rows = 1, classes = 1;
  Type type = Type::f32;
  double share = 1;
};

// The optimizers divide gradients by state.loss_scale first and change nothing where state.overflow is set. Parameters
// lie one after the other; `decay` is for all of them. The rate is an input, one FP32, so that a schedule needs no new
// plan.

/// g = gradient + decay * weight; velocity = momentum * velocity + g; weight -= rate * velocity (PyTorch's SGD).
struct SgdMomentum {  ///< weights, gradients, velocity, rate {1}, state -> weights, velocity (both in place)
  std::int64_t count = 0;
  double momentum = 0.9, decay = 1e-4;
};
/// m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; weight -= rate * (m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + epsilon)
/// + decay * weight) with t = state.taken + 1 (Loshchilov and Hutter 2019, PyTorch's AdamW).
struct AdamW {  ///< weights, gradients, m, v, rate {1}, state -> weights, m, v (all in place)
  std::int64_t count = 0;
  double beta1 = 0.9, beta2 = 0.95, epsilon = 1e-8, decay = 0.1;
};
struct CheckFinite {  ///< gradients, state -> state, overflow set where one of them is infinite or NaN (in place)
  std::int64_t count = 0;
};
/// The end of a step: counts it, and, where the scale is dynamic, halves it after an overflow and doubles it after
/// `growth_interval` good steps (PyTorch's GradScaler).
struct UpdateState {  ///< state -> state (in place)
  bool dynamic_scale = false;
  int growth_interval = 2000;
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
                               FusedConvolution,
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
                               LayerNormForward,
                               LayerNormBackward,
                               GeluForward,
                               GeluBackward,
                               EmbeddingForward,
                               EmbeddingBackward,
                               AttentionForward,
                               AttentionBackward,
                               SoftmaxCrossEntropy,
                               SgdMomentum,
                               AdamW,
                               CheckFinite,
                               UpdateState,
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
