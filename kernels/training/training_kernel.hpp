#pragma once

#include <functional>
#include <memory>

#include "harness/kernel.hpp"
#include "kernels/training/layers.hpp"
#include "kernels/training/network.hpp"

namespace gpubench::training {

/// What a device gives to those who train on it.
struct TrainingDevice {
  std::function<std::unique_ptr<Layers>()> layers{};
  std::function<double()> available_memory{};  ///< bytes
};

/// One training step as a kernel. It is right when every distinct operation of a step agrees with the oracle at its
/// shape, a small network's whole step does, and, in a mode other than fp32, the first step agrees with that of fp32.
/// @throws Unsupported where the device cannot train it
std::unique_ptr<Kernel> make_training_kernel(const Network& network, TrainingDevice device);

}  // namespace gpubench::training
