#pragma once

#include <string>
#include <utility>
#include <vector>

#include "kernels/training/network.hpp"

namespace gpubench {

/// Writes a network down layer by layer; each call returns the number of its layer, for those that read it.
class Chain {
 public:
  int convolution(std::string name, int from, training::Convolution what) {
    return add_layer(std::move(name), what, {from});
  }
  int batch_norm(std::string name, int from, training::BatchNorm what) {
    return add_layer(std::move(name), what, {from});
  }
  int add_relu(std::string name, int a, int b) { return add_layer(std::move(name), training::AddRelu{}, {a, b}); }
  int max_pool(std::string name, int from, training::MaxPool what) { return add_layer(std::move(name), what, {from}); }
  int average_pool(std::string name, int from) {
    return add_layer(std::move(name), training::GlobalAveragePool{}, {from});
  }
  int linear(std::string name, int from, training::Linear what) { return add_layer(std::move(name), what, {from}); }

  int embedding(std::string name, training::Embedding what) {
    return add_layer(std::move(name), what, {training::Layer::image});
  }
  int layer_norm(std::string name, int from) { return add_layer(std::move(name), training::LayerNorm{}, {from}); }
  int gelu(std::string name, int from) { return add_layer(std::move(name), training::Gelu{}, {from}); }
  int attention(std::string name, int from, training::Attention what) {
    return add_layer(std::move(name), what, {from});
  }
  int add(std::string name, int a, int b) { return add_layer(std::move(name), training::Add{}, {a, b}); }
  int tied_linear(std::string name, int from) { return add_layer(std::move(name), training::TiedLinear{}, {from}); }

  std::vector<training::Layer> layers() && { return std::move(layers_); }

 private:
  template <class What>
  int add_layer(std::string name, What what, std::vector<int> inputs) {
    layers_.push_back({.name = std::move(name), .what = what, .inputs = std::move(inputs)});
    return static_cast<int>(layers_.size()) - 1;
  }
  std::vector<training::Layer> layers_{};
};

}  // namespace gpubench
