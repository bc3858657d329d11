#pragma once

#include "kernels/training/network.hpp"

namespace gpubench {

/// ResNet-50 (He et al. 2016, table 1), version 1.5: the 3x3 convolution of a block carries the stride, not the 1x1
/// before it (what torchvision and NVIDIA's examples train). 25,557,032 parameters, 4.09 GMAC an image forward. An
/// epoch is ImageNet's training set of 2012, 1,281,167 images.
training::Network resnet50(Mode mode, int batch);

}  // namespace gpubench
