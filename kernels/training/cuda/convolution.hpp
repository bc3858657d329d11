#pragma once

#include "kernels/training/cuda/graphs.hpp"

namespace gpubench::training {

CudnnGraph convolution_graph(const ConvolutionForward& operation);
CudnnGraph convolution_graph(const ConvolutionDataGradient& operation);
/// Of 16-bit operands cuDNN's own kernels write a gradient of 16 bits only; one in FP32, as a step wants it, it has as
/// a convolution whose sums are passed on as they are, which is compiled at run time.
CudnnGraph convolution_graph(const ConvolutionWeightGradient& operation);
/// Of one pass over memory: what is between the operations never is in it.
CudnnGraph convolution_graph(const FusedConvolution& operation);

}  // namespace gpubench::training
