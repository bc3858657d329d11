#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kernels/training/layers.hpp"

namespace gpubench::training {

/// One operand of an operation under test: numbers, or bytes that only the device understands.
struct LayerValue {
  std::vector<float> numbers{};
  std::shared_ptr<Memory> bytes{};
  TensorDesc given{};  ///< what the caller says it has; without a layout the device may choose
};

/// What came out, in the operands' order, and how it was planned.
struct LayerRun {
  std::vector<LayerValue> outputs{};
  std::string implementation{};
};

/// Random numbers for every operand that has any, exact in its type: normal, labels within `classes`.
std::vector<LayerValue> random_inputs(const Operation& operation, std::uint64_t seed);

/// Plans, uploads, runs and downloads. Outputs are NaN before the run. `in_place` stores outputs over inputs wherever
/// the plan allows it.
LayerRun run_layer(Layers& layers,
                   const Operation& operation,
                   const std::vector<LayerValue>& inputs,
                   bool in_place = false);

/// Every number against the oracle's bound; none if all agree, else which does not.
std::optional<std::string> difference(const Operation& operation,
                                      const std::vector<LayerValue>& inputs,
                                      const LayerRun& run);

}  // namespace gpubench::training
