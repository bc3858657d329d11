#pragma once

#include <cuda_runtime_api.h>

namespace gpubench::cuda {

/// @param call what was called, for the text. @throws with the runtime's name and text of the failure: DeviceLost where
/// every later call of this process would fail too, OutOfMemory where the device has no more, else Error
void check(cudaError_t status, const char* call);

}  // namespace gpubench::cuda
