#pragma once

#include <string>
#include <vector>

#include "kernels/training/network.hpp"
#include "kernels/training/operation.hpp"

namespace gpubench {

/// A convolution that a network has `count` times in the same shape.
struct LayerConvolution {
  std::string layer{};  ///< the first of them: `stage1.block1.conv1`
  training::ConvolutionShape shape{};
  int count = 1;
};

/// A linear layer of a network.
struct LayerLinear {
  std::string layer{};
  training::LinearShape shape{};
};

/// What of a network is matrix work, on its batch, in the order in which it meets it.
struct MatrixLayers {
  std::vector<LayerConvolution> convolutions{};  ///< the distinct ones
  std::vector<LayerLinear> linears{};
};
MatrixLayers matrix_layers_of(const training::Network& network);

}  // namespace gpubench
