#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "kernels/training/recorder.hpp"

namespace gpubench::training {

/// Each layer records its forward nodes and leaves on the tape what records its backward ones.
class Lowering {
 public:
  Lowering(const Network& network, Layers& layers)
      : network_(network),
        layers_(layers),
        type_(activation_type(network.mode)),
        recorder_(layers, network.accumulate) {}

  StepPlan plan();

 private:
  int input(const Layer& layer, std::size_t index = 0) const;
  void forward(const Layer& layer);
  void loss();
  bool gives_logits(const Layer& layer) const { return &layer == &network_.layers.back(); }
  std::vector<int> scale_and_shift(const Layer& layer, std::int64_t size, double initial_scale);

  // Of images, and what both have (lower_images.cpp).
  int lower(const Layer& layer, const Convolution& c);
  int lower(const Layer& layer, const BatchNorm& b);
  int lower(const Layer& layer, const AddRelu& a);
  int lower(const Layer& layer, const MaxPool& p);
  int lower(const Layer& layer, const GlobalAveragePool& p);
  int lower(const Layer& layer, const Linear& l);
  // Of tokens (lower_tokens.cpp).
  int lower(const Layer& layer, const Embedding& e);
  int lower(const Layer& layer, const LayerNorm& l);
  int lower(const Layer& layer, const Gelu& g);
  int lower(const Layer& layer, const Attention& a);
  int lower(const Layer& layer, const Add& a);
  int lower(const Layer& layer, const TiedLinear& l);

  const Network& network_;
  Layers& layers_;
  Type type_;
  Recorder recorder_;
  int input_ = -1;
  int table_ = -1;              // parameter: the embedding's, for the output layer that shares it
  int table_gradient_ = -1;     // value: what the output layer leaves for the embedding
  std::vector<int> outputs_{};  // of each layer
  std::vector<std::function<void()>> tape_{};
};

}  // namespace gpubench::training
