#include "kernels/launch/cuda/launch_kernel.hpp"
#include "kernels/memory/cuda/memory_kernel.hpp"
#include "kernels/offers.hpp"

namespace gpubench {

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
}

}  // namespace gpubench
