#include "harness/core/error.hpp"
#include "kernels/conv/cudnn.hpp"
#include "kernels/gemm/cuda/cublaslt.hpp"
#include "kernels/gemm/cuda/own.hpp"
#include "kernels/gemm/gemm.hpp"
#include "kernels/gemm/gemm_kernel.hpp"
#include "kernels/launch/cuda/launch_kernel.hpp"
#include "kernels/memory/cuda/memory_kernel.hpp"
#include "kernels/offers.hpp"
#include "kernels/training/network.hpp"

namespace gpubench {
namespace {

/// Known, and said so: a suite that is asked for on a GPU shall not look as if it had no such cases.
template <class Problem>
void add_later(cuda::CudaDevice& device, const char* implementation, const char* why_not) {
  device.catalog().add<Problem>(
      implementation,
      {.make = [why_not](const Problem&) -> std::unique_ptr<Kernel> { throw Unsupported(why_not); },
       .why_not = [why_not](const Problem&) { return std::optional<std::string>(why_not); }});
}

}  // namespace

void offer_cuda_kernels(cuda::CudaDevice& device) {
  device.catalog().add<MemoryPass>(
      "gpubench",
      {.make = [&device](const MemoryPass& pass) { return cuda::gpubench_memory_kernel(pass, device); },
       .why_not = cuda::gpubench_memory_why_not});
  device.catalog().add<MemoryPass>(
      "ce",
      {.make = [&device](const MemoryPass& pass) { return cuda::ce_memory_kernel(pass, device); },
       .why_not = cuda::ce_memory_why_not});
  device.catalog().add<Launch>(
      "gpubench",
      {.make = [&device](const Launch& launch) { return cuda::make_launch_kernel(launch, device); }, .why_not = {}});
  const auto blas = std::make_shared<cublaslt::Context>(device.properties().ordinal);
  device.catalog().add<Gemm>(
      "cublaslt",
      {.make = [&device,
                blas](const Gemm& gemm) { return make_gemm_kernel(gemm, cuda::cublaslt_products(gemm, device, blas)); },
       .why_not = [&device](const Gemm& gemm) { return cuda::cublaslt_why_not(gemm, device); }});
  device.catalog().add<Gemm>(
      "gpubench",
      {.make = [&device](const Gemm& gemm) { return make_gemm_kernel(gemm, cuda::own_products(gemm, device)); },
       .why_not = [&device](const Gemm& gemm) { return cuda::own_why_not(gemm, device); }});
  device.catalog().add<Conv>("cudnn",
                             {.make = [&device](const Conv& conv) { return cudnn_conv_kernel(conv, device); },
                              .why_not = [&device](const Conv& conv) { return cudnn_why_not(conv, device); }});
  add_later<training::Network>(device, "cudnn", "training on a GPU is not part of this version (--device cpu runs it)");
}

}  // namespace gpubench
