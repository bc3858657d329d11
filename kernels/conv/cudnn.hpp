#pragma once

#include <memory>
#include <optional>
#include <string>

#include "harness/devices/cuda/cuda_device.hpp"
#include "harness/kernel.hpp"
#include "kernels/conv/conv.hpp"

namespace gpubench {

/// Why cuDNN cannot do this convolution on this GPU, as far as that can be told without planning, which may compile for
/// seconds; none if it may.
std::optional<std::string> cudnn_why_not(const Conv& conv, const cuda::CudaDevice& device);

/// One pass of a convolution by cuDNN. @throws Unsupported where it has no plan that keeps the precision's promise
std::unique_ptr<Kernel> cudnn_conv_kernel(const Conv& conv, cuda::CudaDevice& device);

}  // namespace gpubench
