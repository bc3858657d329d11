#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "harness/core/precision.hpp"
#include "harness/result.hpp"

namespace gpubench::training {

// A network as data: layers in the order they run, each with the numbers of the layers it reads. Image n is the input.

struct Convolution {  ///< no bias; weights from N(0, 2 / (in_channels * kernel^2)) (He et al. 2015)
  int out_channels = 1, kernel = 1, stride = 1, padding = 0;
};
struct BatchNorm {  ///< fused ReLU where asked; shift starts at 0
  bool relu = false;
  double initial_scale = 1;
};
struct AddRelu {};  ///< of two inputs of equal shape
struct MaxPool {
  int kernel = 2, stride = 2, padding = 0;
};
struct GlobalAveragePool {};
struct Linear {  ///< with bias 0; weights from N(0, deviation^2)
  int out_features = 1;
  double deviation = 0.01;
};
struct Embedding {  ///< of tokens and, learned, of their positions; both tables from N(0, deviation^2)
  int width = 1, positions = 1;
  double deviation = 0.02;
};
struct LayerNorm {};  ///< over a row; scale starts at 1, shift at 0
struct Gelu {};
struct Attention {  ///< causal, of queries, keys and values that lie side by side
  int heads = 1;
};
struct Add {};         ///< of two inputs of equal shape
struct TiedLinear {};  ///< to the vocabulary, by the embedding's own table, without bias

struct Layer {
  static constexpr int image = -1;  ///< as an input: the network's own input

  std::string name{};
  std::variant<Convolution,
               BatchNorm,
               AddRelu,
               MaxPool,
               GlobalAveragePool,
               Linear,
               Embedding,
               LayerNorm,
               Gelu,
               Attention,
               Add,
               TiedLinear>
      what{};
  std::vector<int> inputs{};
};

/// The rate rises linearly over the first `warmup_steps`. Scales, shifts and biases do not decay.
struct Optimizer {
  enum class Kind { sgd, adamw };
  Kind kind = Kind::sgd;
  double rate = 0.1;
  double momentum = 0.9;  ///< sgd
  double decay = 1e-4;
  int warmup_steps = 5;
  double beta1 = 0.9, beta2 = 0.95;  ///< adamw
};

/// Loss scaling of amp-fp16. Elsewhere the scale stays as it is and nothing is checked for infinities.
struct LossScale {
  double initial = 1;
  bool dynamic = false;  ///< halved when gradients overflow, doubled after `growth_interval` good steps
  int growth_interval = 2000;
};

/// Training of one network in one mode on one batch size: the problem. The last layer gives the logits.
struct Network {
  std::string model{};  ///< `resnet50`, as in the case name
  std::string title{};  ///< `ResNet-50`
  Mode mode = Mode::fp32;
  int batch = 16;
  int channels = 3, height = 224, width = 224;  ///< of images
  int sequence = 0;                             ///< tokens of one; 0: a network of images
  int classes = 1000;                           ///< the vocabulary, where the network reads tokens
  int accumulate = 1;                           ///< batches whose gradients make one step
  std::vector<Layer> layers{};
  Optimizer optimizer{};
  LossScale loss_scale{};
  std::uint64_t seed = 1;  ///< of weights, teacher and inputs
  std::int64_t epoch_items = 1281167;
  bool full_epoch = false;

  bool reads_tokens() const { return sequence > 0; }
  std::int64_t rows() const { return reads_tokens() ? std::int64_t{batch} * sequence : batch; }  ///< of the logits
  std::int64_t items() const { return rows() * accumulate; }  ///< images or tokens of one step

  /// `train/resnet50/amp-bf16/b16/d1`, `train/gpt2/fp32/b2s256/d1`; `b16x4` where four batches make a step
  std::string name() const;
  std::string precision() const { return std::string(gpubench::name(mode)); }
  /// FLOPs of the convolutions, linear layers and attention of one step: forward, data gradient (not of the first
  /// layer), weight gradient.
  Work work() const;
  /// Steps that were skipped take time and train nothing: they lower the rate.
  void describe(CaseResult& row) const;
};

}  // namespace gpubench::training
