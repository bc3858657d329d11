#pragma once

#include <string>
#include <vector>

#include "harness/core/imported.hpp"
#include "harness/device.hpp"

namespace gpubench::cuda {

// The libraries of the CUDA version that this plug-in was built with, each looked for when it is first asked for.
// GPUBENCH_CUBLASLT, GPUBENCH_CUDNN, GPUBENCH_NCCL and GPUBENCH_CUPTI name a file or folder instead.
ImportedLibrary& cublaslt_library();
ImportedLibrary& cudnn_library();
ImportedLibrary& nccl_library();
ImportedLibrary& cupti_library();

/// All of them, with version and path or why they are missing. Loads them (some 50 ms), which starts nothing on a GPU.
std::vector<Library> vendor_libraries();

/// Where such libraries lie beside the system's own folders: toolkits, conda, and the wheels of every python that would
/// be run by this name. @param path the value of PATH. @param fetched the first of them
std::vector<std::string> library_folders(const std::string& path, const std::string& fetched);

}  // namespace gpubench::cuda
