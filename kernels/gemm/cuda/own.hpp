#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "harness/devices/cuda/cuda_device.hpp"
#include "kernels/gemm/gemm.hpp"
#include "kernels/gemm/products.hpp"

namespace gpubench::cuda {

/// By our own kernels: FP32 on the CUDA cores, the others on the Tensor Cores. @param choice which of the ways to do
/// it, the one predicted to be the fastest first; there are as many as `chosen by` in the plan says. @throws
/// Unsupported
std::unique_ptr<Products> own_products(const Gemm& gemm, CudaDevice& device, std::size_t choice = 0);

/// Why that cannot be; none if it can.
std::optional<std::string> own_why_not(const Gemm& gemm, const CudaDevice& device);

}  // namespace gpubench::cuda
