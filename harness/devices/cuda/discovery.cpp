#include "harness/devices/cuda/discovery.hpp"

#include <fmt/format.h>

#include <cuda_runtime_api.h>

namespace gpubench::cuda {
namespace {

/// 12040 -> `12.4`
std::string text_of_version(int version) { return fmt::format("{}.{}", version / 1000, version % 1000 / 10); }

/// The first driver branch that carries a CUDA of this major version (CUDA Toolkit release notes, table of driver
/// versions).
std::string driver_for(int runtime_version) {
  switch (runtime_version / 1000) {
    case 11: return "R450";
    case 12: return "R525";
    case 13: return "R580";
    default: return "a newer one";
  }
}

std::string old_driver(const Answer& answer) {
  return fmt::format("the NVIDIA driver carries CUDA {}, this plug-in needs {}: update the driver to {} or later",
                     text_of_version(answer.driver_version),
                     text_of_version(answer.runtime_version),
                     driver_for(answer.runtime_version));
}

/// cudaErrorInsufficientDriver is also what a driver library without its kernel module gives.
std::string insufficient_driver(const Answer& answer) {
  if (answer.driver_version == 0) return "no NVIDIA driver (libcuda.so.1 not found)";
  if (answer.driver_version / 1000 < answer.runtime_version / 1000) return old_driver(answer);
  return "libcuda.so.1 is there but its kernel module is not: load the nvidia module, or start the container with GPUs";
}

std::string none_visible(const char* visible) {
  if (visible) return fmt::format("the NVIDIA driver shows no device: CUDA_VISIBLE_DEVICES is '{}'", visible);
  return "the NVIDIA driver is there and shows no device: start the container with GPUs, or look at nvidia-smi";
}

std::string name_of(int status) { return cudaGetErrorName(static_cast<cudaError_t>(status)); }

}  // namespace

Answer ask() {
  Answer answer;
  (void)cudaDriverGetVersion(&answer.driver_version);
  (void)cudaRuntimeGetVersion(&answer.runtime_version);
  answer.status = cudaGetDeviceCount(&answer.devices);
  if (answer.status != cudaSuccess) answer.devices = 0;
  return answer;
}

std::string why_none(const Answer& answer, const char* visible) {
  switch (answer.status) {
    case cudaSuccess: return answer.devices > 0 ? "" : none_visible(visible);
    case cudaErrorStubLibrary:
      return "the libcuda.so.1 found is the toolkit's stub: take the stubs folder out of LD_LIBRARY_PATH";
    case cudaErrorInsufficientDriver: return insufficient_driver(answer);
    case cudaErrorNoDevice: return none_visible(visible);
    case cudaErrorSystemNotReady:
      return "the NVSwitch fabric manager is not ready: start nvidia-fabricmanager of the driver's version";
    case cudaErrorSystemDriverMismatch:
    case cudaErrorCompatNotSupportedOnDevice:
      return "the NVIDIA driver's library and kernel module differ: reboot, or remove the cuda-compat package";
    case cudaErrorOperatingSystem:
    case cudaErrorUnknown:
      return "the NVIDIA driver cannot be used (CUDA: " + name_of(answer.status) +
             "): load the nvidia-uvm module (nvidia-modprobe -u), and let the container use /dev/nvidia-uvm";
    case cudaErrorInitializationError:
      return "the NVIDIA driver does not start: look for Xid lines in the kernel's log, then reset the GPU or reboot";
    case cudaErrorDevicesUnavailable:
      return "every GPU is somebody else's alone (compute mode) or cannot be opened: nvidia-smi says who runs there";
    default: {
      const auto status = static_cast<cudaError_t>(answer.status);
      return fmt::format("{} ({})", cudaGetErrorString(status), cudaGetErrorName(status));
    }
  }
}

}  // namespace gpubench::cuda
