#pragma once

#include <cuda_runtime_api.h>

namespace gpubench::cuda {

/// @param call what was called, for the text. @throws Error with the runtime's name and text of the failure
void check(cudaError_t status, const char* call);

}  // namespace gpubench::cuda
