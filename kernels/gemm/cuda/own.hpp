#pragma once

#include <memory>
#include <optional>
#include <string>

#include "harness/devices/cuda/cuda_device.hpp"
#include "kernels/gemm/gemm.hpp"
#include "kernels/gemm/products.hpp"

namespace gpubench::cuda {

/// By our own kernels: FP32 on the CUDA cores, the others on the Tensor Cores. @throws Unsupported
std::unique_ptr<Products> own_products(const Gemm& gemm, CudaDevice& device);

/// Why that cannot be; none if it can.
std::optional<std::string> own_why_not(const Gemm& gemm, const CudaDevice& device);

}  // namespace gpubench::cuda
