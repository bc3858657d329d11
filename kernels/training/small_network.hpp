#pragma once

#include "kernels/training/network.hpp"

namespace gpubench::training {

/// A residual network small enough to run whole in double: every kind of layer that ResNet-50 has, with a projected and
/// an identity shortcut, a stride and padding. Images of 16 x 16, ten classes.
Network small_network(Mode mode, int batch, std::uint64_t seed);

/// A small transformer with every kind of layer that GPT-2 has: 2 blocks of width 16, sequences of 8 tokens of 32.
Network small_transformer(Mode mode, int batch, std::uint64_t seed);
/// The one of the two that reads what `network` reads, in its mode.
Network small_one_like(const Network& network);

}  // namespace gpubench::training
