#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "harness/devices/cuda/cuda_device.hpp"
#include "kernels/memory/memory_pass.hpp"

namespace gpubench::cuda {

/// One pass over arrays of `count` elements; y is null where a pass has two arrays.
using EnqueuePass =
    std::function<void(Stream stream, MemoryLoop loop, const float* x, const float* y, float* to, std::int64_t count)>;

/// As many sets of arrays as it takes to be beyond the second-level cache; every element of every result is checked on
/// the host. @param how for the plan of the row
std::unique_ptr<Kernel> make_memory_kernel(const MemoryPass& pass,
                                           CudaDevice& device,
                                           EnqueuePass enqueue,
                                           std::string how);

/// Our own kernels.
std::unique_ptr<Kernel> gpubench_memory_kernel(const MemoryPass& pass, CudaDevice& device);
std::optional<std::string> gpubench_memory_why_not(const MemoryPass& pass);

/// cudaMemcpyAsync within a device, which is what others call its copy bandwidth.
std::unique_ptr<Kernel> ce_memory_kernel(const MemoryPass& pass, CudaDevice& device);
std::optional<std::string> ce_memory_why_not(const MemoryPass& pass);

}  // namespace gpubench::cuda
