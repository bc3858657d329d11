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

/// The distinct convolutions of a network on its batch, in the order in which it meets them.
std::vector<LayerConvolution> convolutions_of(const training::Network& network);

}  // namespace gpubench
