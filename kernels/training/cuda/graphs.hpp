#pragma once

#include <cstdint>
#include <vector>

#include "harness/core/precision.hpp"
#include "harness/devices/cuda/cudnn/plan.hpp"
#include "kernels/training/operation.hpp"

namespace gpubench::training {

/// An operation as cuDNN is told it.
struct CudnnGraph {
  /// Where a tensor of the graph lies: in an operand of the operation, so many bytes behind its beginning.
  struct Place {
    std::int64_t id = 0;
    std::size_t operand = 0, offset = 0;
  };
  /// A number that the graph has by value.
  struct Constant {
    std::int64_t id = 0;
    float value = 0;
  };
  std::vector<cudnn::Descriptor> operations{};
  std::vector<Place> inputs{}, outputs{};
  /// What operands are padded to, in their order; empty: nothing is.
  std::vector<Shape> input_rooms{}, output_rooms{};
  std::vector<Constant> constants{};
};

// How cuDNN does each operation, one file per kind of layer. They throw what check() of cudnn.hpp throws where it
// refuses a description.

// Images are NHWC, filters KRSC.
CudnnGraph cudnn_graph(const ConvolutionForward& operation);
CudnnGraph cudnn_graph(const ConvolutionDataGradient& operation);
/// Of 16-bit operands cuDNN's own kernels write a gradient of 16 bits only, and split long sums; one in FP32 it has as
/// a convolution whose sums are passed on as they are, which is compiled at run time and takes channels by eight: those
/// of the images, three, are padded.
CudnnGraph cudnn_graph(const ConvolutionWeightGradient& operation);
/// One pass over memory: what is between the operations never is in it.
CudnnGraph cudnn_graph(const FusedConvolution& operation);

/// What is saved is, FP32, by sequence, head and row: the logarithm of the sum of the exponentials of its scores.
CudnnGraph cudnn_graph(const AttentionForward& operation);
/// Takes y besides: {batch * sequence, width}, the operation's fourth input. The scores are in memory for a moment.
CudnnGraph cudnn_graph(const AttentionBackward& operation);

/// @throws Unsupported for an operation that is not done by cuDNN
CudnnGraph graph_of(const Operation& operation);

/// What an operation multiplies in. @param fp32 what its FP32 work does: fp32 or tf32
Precision precision_of(const Operation& operation, Precision fp32);

/// graph_of() and choose() of plan.hpp: what training and benchmarks of single operations run.
cudnn::Plan planned_by_cudnn(const cudnn::Target& target,
                             const CudnnGraph& graph,
                             const Operation& operation,
                             Precision fp32);

}  // namespace gpubench::training
