#pragma once

#include "harness/devices/cuda/stream.hpp"
#include "kernels/training/cuda/parameter_table.hpp"
#include "kernels/training/operation.hpp"

namespace gpubench::cuda {

// One step of the optimizer for all parameters in one launch, as training::SgdMomentum and AdamW define it; decay is
// each tensor's own. `rate` {1} and `state` (training::StepState) are FP32 in device memory: gradients are divided by
// the loss scale, and where `overflow` is set nothing is written. No decision is the host's, so a step can be captured
// in a graph.

/// `second` of the tensors is not used. `operation` gives the momentum; its count and decay are the table's.
/// @throws Error for a momentum that is negative or not finite
void sgd_momentum(Stream stream,
                  const training::SgdMomentum& operation,
                  const ParameterTable& table,
                  const float* rate,
                  const float* state);

/// `operation` gives the betas and epsilon. @throws Error for a beta outside of [0, 1), a negative epsilon
void adam_w(Stream stream,
            const training::AdamW& operation,
            const ParameterTable& table,
            const float* rate,
            const float* state);

}  // namespace gpubench::cuda
