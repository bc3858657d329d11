#pragma once

#include <cstdint>
#include <vector>

#include "harness/core/precision.hpp"
#include "harness/devices/cuda/cudnn/plan.hpp"
#include "kernels/training/operation.hpp"

namespace gpubench::training {

/// An operation as cuDNN is told it. Images are NHWC, filters KRSC.
struct CudnnGraph {
  std::vector<cudnn::Descriptor> operations{};
  std::vector<std::int64_t> inputs{}, outputs{};  ///< ids of the operands, in the operation's order
};

/// @throws Unsupported for an operation that is not done by cuDNN; what check() of cudnn.hpp throws where it refuses it
CudnnGraph graph_of(const Operation& operation);

/// What an operation multiplies in. @param fp32 what its FP32 work does: fp32 or tf32
Precision precision_of(const Operation& operation, Precision fp32);

/// graph_of() and choose() of plan.hpp: what training and benchmarks of single operations run.
cudnn::Plan planned_by_cudnn(const cudnn::Target& target,
                             const CudnnGraph& graph,
                             const Operation& operation,
                             Precision fp32);

}  // namespace gpubench::training
