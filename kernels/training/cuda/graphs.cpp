#include "kernels/training/cuda/graphs.hpp"

#include <fmt/format.h>

#include "harness/core/error.hpp"

namespace gpubench::training {

CudnnGraph graph_of(const Operation& operation) {
  return std::visit(
      [&](const auto& one) -> CudnnGraph {
        if constexpr (requires { cudnn_graph(one); })
          return cudnn_graph(one);
        else
          throw Unsupported(fmt::format("{}{}{} on a GPU is not part of this version (--device cpu runs it)",
                                        kind(operation),
                                        pass(operation).empty() ? "" : " ",
                                        pass(operation)));
      },
      operation);
}

Precision precision_of(const Operation& operation, Precision fp32) {
  switch (operands(operation).inputs.at(0).type) {
    case Type::bf16: return Precision::bf16;
    case Type::f16: return Precision::fp16;
    default: return kind(operation) == "convolution" || kind(operation) == "attention" ? fp32 : Precision::fp32;
  }
}

cudnn::Plan planned_by_cudnn(const cudnn::Target& target,
                             const CudnnGraph& graph,
                             const Operation& operation,
                             Precision fp32) {
  return cudnn::choose(target, graph.operations, precision_of(operation, fp32), text(operation));
}

}  // namespace gpubench::training
