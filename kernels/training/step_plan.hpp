#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/training/layers.hpp"
#include "kernels/training/network.hpp"

namespace gpubench::training {

/// In which of the engine's memories a value lies.
enum class Home {
  arena,      ///< packed by lifetime
  weights,    ///< FP32 masters of all parameters, one after the other
  gradients,  ///< in the same order
  velocity,   ///< the optimizer's first memory, in the same order
  variance,   ///< its second, where it has one
  lasting,    ///< lives through every step: casts of weights, inputs, the loss, the state
};

/// One tensor of the recorded step: written by one node, read by any number.
struct Value {
  TensorDesc desc{};
  Home home = Home::arena;
  std::size_t offset = 0;  ///< in its home
};

/// One operation of the recorded step, its operands by number of value.
struct Node {
  Operation operation{};
  std::unique_ptr<Planned> planned{};
  std::vector<int> inputs{}, outputs{};
  std::string_view phase{};  ///< `forward`, `backward`, `update`
};

struct Parameter {
  std::string name{};
  Shape shape{};
  bool decays = false;
  double mean = 0, deviation = 0;   ///< of its initial values
  int weights = -1, gradient = -1;  ///< values; both in the layout that the gradient is computed in
};

/// One training step, planned on a device: what is done in which order, and where everything lies. No memory is taken.
struct StepPlan {
  std::vector<Value> values{};
  std::vector<Node> nodes{};
  std::vector<Parameter> parameters{};  ///< in the order the network names them
  std::vector<int>
      casts{};  ///< the nodes that make the weights' working copies; they also run once before the first step
  int input = -1, labels = -1, rate = -1, state = -1, loss = -1;
  int accumulate = 1;       ///< how often forward and backward run before the update
  std::size_t updates = 0;  ///< the first node of the update
  bool has_variance = false;
  std::size_t arena_bytes = 0, parameter_bytes = 0, lasting_bytes = 0, scratch_bytes = 0;

  /// Weights, gradients and the optimizer's memories, working copies, activations and scratch.
  std::size_t bytes() const {
    return arena_bytes + (has_variance ? 4 : 3) * parameter_bytes + lasting_bytes + scratch_bytes;
  }
};

/// What a mode's autocast makes of matrix operands and activations.
Type activation_type(Mode mode);

/// Lowers the network to operations, differentiates it, chooses layouts with the device, inserts the reorders that
/// these need, and packs the memory. @throws Unsupported where the device cannot do an operation
StepPlan plan_step(const Network& network, Layers& layers);

}  // namespace gpubench::training
