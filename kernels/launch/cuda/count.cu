#include "harness/devices/cuda/launch.cuh"
#include "kernels/launch/cuda/count.hpp"

namespace gpubench::cuda {
namespace {

__global__ __launch_bounds__(1) void count_kernel(std::uint64_t* counter) {
  if (counter != nullptr) *counter += 1;
}

}  // namespace

void count(Stream stream, std::uint64_t* counter) { launch<count_kernel>(stream, {}, counter); }

}  // namespace gpubench::cuda
