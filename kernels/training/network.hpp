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

struct Layer {
  static constexpr int image = -1;  ///< as an input: the network's own input

  std::string name{};
  std::variant<Convolution, BatchNorm, AddRelu, MaxPool, GlobalAveragePool, Linear> what{};
  std::vector<int> inputs{};
};

/// SGD with momentum; the rate rises linearly over the first `warmup_steps`. Scales, shifts and biases do not decay.
struct Optimizer {
  double rate = 0.1, momentum = 0.9, decay = 1e-4;
  int warmup_steps = 5;
};

/// Training of one network in one mode on one batch size: the problem. The last layer gives the logits.
struct Network {
  std::string model{};  ///< `resnet50`, as in the case name
  std::string title{};  ///< `ResNet-50`
  Mode mode = Mode::fp32;
  int batch = 16;
  int channels = 3, height = 224, width = 224, classes = 1000;
  std::vector<Layer> layers{};
  Optimizer optimizer{};
  double loss_scale = 1;
  std::uint64_t seed = 1;  ///< of weights, teacher and images
  std::int64_t epoch_items = 1281167;
  bool full_epoch = false;

  /// `train/resnet50/amp-bf16/b16/d1`
  std::string name() const;
  std::string precision() const { return std::string(gpubench::name(mode)); }
  /// FLOPs of the convolutions and linear layers of one step: forward, data gradient (not of the first layer), weight
  /// gradient.
  Work work() const;
  void describe(CaseResult& row) const;
};

}  // namespace gpubench::training
