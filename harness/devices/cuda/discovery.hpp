#pragma once

#include <string>

namespace gpubench::cuda {

/// What the CUDA runtime says when it is asked for devices.
struct Answer {
  int driver_version = 0;   ///< cudaDriverGetVersion: 12040 is CUDA 12.4, 0 where there is no driver
  int runtime_version = 0;  ///< the one in this plug-in
  int status = 0;           ///< of cudaGetDeviceCount, a cudaError_t
  int devices = 0;
};

/// Asks. Takes no device memory and creates no context.
Answer ask();

/// Why there is no device, in a sentence with what to do; empty when there are some. The runtime's own text is of no
/// use: it complains about an old driver where there is none at all.
/// @param visible the value of CUDA_VISIBLE_DEVICES, null when it is not set
std::string why_none(const Answer& answer, const char* visible);

}  // namespace gpubench::cuda
