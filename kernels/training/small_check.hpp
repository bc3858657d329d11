#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "kernels/training/layers.hpp"
#include "kernels/training/network.hpp"

namespace gpubench::training {

/// A whole step of a small network, on the device and on the oracle with the mode's formats: whether the parts fit
/// together.
struct SmallCheck {
  double error = 0;  ///< the worst of loss and gradient, in units of what the mode's format allows
  std::int64_t checked = 0;
  std::optional<std::string> mismatch{};
};
SmallCheck check_small_network(const Network& network, Layers& layers);

}  // namespace gpubench::training
