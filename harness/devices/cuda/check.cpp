#include "harness/devices/cuda/check.hpp"

#include <fmt/format.h>

#include "harness/core/error.hpp"

namespace gpubench::cuda {
namespace {

// Newer than the headers of CUDA 12.4.
constexpr int error_contained = 226, error_tensor_memory_leak = 721;

/// What the CUDA Runtime API documents as leaving a process in a state in which it has to end. Of these, what no
/// program can cause.
bool is_of_the_hardware(int status) {
  switch (status) {
    case cudaErrorECCUncorrectable:
    case cudaErrorNvlinkUncorrectable:
    case error_contained: return true;
    default: return false;
  }
}

bool ends_the_process(int status) {
  switch (status) {
    case cudaErrorIllegalAddress:
    case cudaErrorLaunchTimeout:
    case cudaErrorAssert:
    case cudaErrorHardwareStackError:
    case cudaErrorIllegalInstruction:
    case cudaErrorMisalignedAddress:
    case cudaErrorInvalidAddressSpace:
    case cudaErrorInvalidPc:
    case cudaErrorLaunchFailure:
    case cudaErrorContextIsDestroyed:
    case cudaErrorExternalDevice:
    case cudaErrorMpsClientTerminated:
    case cudaErrorUnknown:
    case error_tensor_memory_leak: return true;
    default: return is_of_the_hardware(status);
  }
}

}  // namespace

void check(cudaError_t status, const char* call) {
  if (status == cudaSuccess) return;
  cudaGetLastError();  // the next call is not to be blamed for this one
  const std::string text = fmt::format("{}: {} ({})", call, cudaGetErrorString(status), cudaGetErrorName(status));
  if (status == cudaErrorMemoryAllocation) throw OutOfMemory("out of device memory: " + text);
  if (ends_the_process(status))
    throw DeviceLost("the device is lost to this process: " + text,
                     is_of_the_hardware(status) ? DeviceLost::Cause::hardware : DeviceLost::Cause::program);
  throw Error(text);
}

}  // namespace gpubench::cuda
