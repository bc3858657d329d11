#include <cuda_runtime_api.h>

#include "harness/devices/cuda/check.hpp"
#include "tests/harness/devices/cuda/device_test.hpp"

namespace gpubench::device_tests {
namespace {

__global__ void any_kernel() {}

}  // namespace

// What counts is what the code is compiled for: a newer GPU runs the code, or the PTX, of an older one.
int compute_capability() {
  cudaFuncAttributes attributes{};
  cuda::check(cudaFuncGetAttributes(&attributes, any_kernel), "cudaFuncGetAttributes");
  return attributes.ptxVersion;
}

}  // namespace gpubench::device_tests
