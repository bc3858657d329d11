#pragma once

#include "harness/devices/cuda/stream.hpp"
#include "kernels/training/cuda/parameter_table.hpp"
#include "kernels/training/operation.hpp"

namespace gpubench::cuda {

// What a step decides about itself on the device, so that it can be captured in a graph. `state` is
// training::StepState, FP32 in device memory.

/// Sets `overflow` where a gradient of the table is infinite or NaN, and leaves it as it is where none is
/// (training::CheckFinite). Of the tensors only gradients, their type and the count are used.
void check_finite(Stream stream, const ParameterTable& table, float* state);

/// The end of a step: counts it, and changes the loss scale where it is dynamic, as training::UpdateState defines it.
/// @throws Error for a growth interval below 1
void update_state(Stream stream, const training::UpdateState& operation, float* state);

}  // namespace gpubench::cuda
