#pragma once

namespace gpubench {

class CpuDevice;
namespace cuda {
class CudaDevice;
}

/// What each back-end can time: a line for every problem and implementation. Called once, by the back-end's
/// composition root.
void offer_cpu_kernels(CpuDevice& device);
void offer_cuda_kernels(cuda::CudaDevice& device);

}  // namespace gpubench
