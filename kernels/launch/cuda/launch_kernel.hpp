#pragma once

#include <memory>

#include "harness/devices/cuda/cuda_device.hpp"
#include "kernels/launch/launch.hpp"

namespace gpubench::cuda {

/// Kernels of one thread. The first use of the kernel and the recording of a graph are before the first run; how long
/// the first use in a process took is in the telemetry of the row that paid for it.
std::unique_ptr<Kernel> make_launch_kernel(const Launch& launch, CudaDevice& device);

}  // namespace gpubench::cuda
