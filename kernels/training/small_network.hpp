#pragma once

#include "kernels/training/network.hpp"

namespace gpubench::training {

/// A residual network small enough to run whole in double: every kind of layer that ResNet-50 has, with a projected and
/// an identity shortcut, a stride and padding. Images of 16 x 16, ten classes.
Network small_network(Mode mode, int batch, std::uint64_t seed);

}  // namespace gpubench::training
