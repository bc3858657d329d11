#pragma once

#include <memory>
#include <optional>
#include <string>

#include "harness/devices/cuda/cublaslt/matmul.hpp"
#include "harness/devices/cuda/cuda_device.hpp"
#include "kernels/gemm/gemm.hpp"
#include "kernels/gemm/products.hpp"

namespace gpubench::cuda {

/// What cuBLASLt is to be given so that it computes c as this project counts: rows one after the other, which it takes
/// for columns. It multiplies b's transpose by a's, into c's.
cublaslt::Shape cublaslt_shape(const Gemm& gemm);

/// By cuBLASLt, on sets of operands in the device's memory. `blas` belongs to the device. @throws Unsupported
std::unique_ptr<Products> cublaslt_products(const Gemm& gemm,
                                            CudaDevice& device,
                                            std::shared_ptr<cublaslt::Context> blas);

/// Why that cannot be, as far as it can be told without the device; none if it may.
std::optional<std::string> cublaslt_why_not(const Gemm& gemm, const CudaDevice& device);

}  // namespace gpubench::cuda
