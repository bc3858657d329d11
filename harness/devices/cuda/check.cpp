#include "harness/devices/cuda/check.hpp"

#include <fmt/format.h>

#include "harness/core/error.hpp"

namespace gpubench::cuda {

void check(cudaError_t status, const char* call) {
  if (status == cudaSuccess) return;
  cudaGetLastError();  // the next call is not to be blamed for this one
  throw Error(fmt::format("{}: {} ({})", call, cudaGetErrorString(status), cudaGetErrorName(status)));
}

}  // namespace gpubench::cuda
