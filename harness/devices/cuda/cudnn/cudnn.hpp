#pragma once

#include <string>

#include "harness/core/imported.hpp"
#include "harness/devices/cuda/cudnn/abi.hpp"
#include "harness/devices/cuda/vendor_libraries.hpp"

namespace gpubench::cudnn {

// cuDNN's functions by their own names; the library is loaded by the first call. @throws Unsupported where it is
// missing
#define GPUBENCH_CUDNN_IMPORT(result, name, parameters) \
  inline const Imported<result parameters> name{cuda::cudnn_library, #name};
GPUBENCH_CUDNN_FUNCTIONS(GPUBENCH_CUDNN_IMPORT)
#undef GPUBENCH_CUDNN_IMPORT

/// `9.19.0`
std::string version();

/// What cuDNN says of its last failure. @param doing what was tried: `planning` @throws Unsupported for what it does
/// not support, OutOfMemory, DeviceLost where the device is, else Error
void check(Status status, const std::string& doing);

/// cuDNN's state for one device, made when it is first asked for and kept until the process ends.
/// @throws Unsupported where cuDNN is missing or does not start
Handle handle_of(int ordinal);

}  // namespace gpubench::cudnn
