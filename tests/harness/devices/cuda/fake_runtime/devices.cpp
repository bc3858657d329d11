#include <cstring>

#include "harness/devices/cuda/emulator/clock.hpp"
#include "tests/harness/devices/cuda/fake_runtime/fake_device.hpp"

// What the runtime tells of devices and of errors.

using gpubench::fake_cuda::memory_bytes;
using gpubench::fake_cuda::Runtime;

extern "C" {

cudaError_t cudaDriverGetVersion(int* version) {
  *version = Runtime::get().count_status == cudaErrorInsufficientDriver ? 0 : CUDART_VERSION;
  return cudaSuccess;
}

cudaError_t cudaRuntimeGetVersion(int* version) {
  *version = CUDART_VERSION;
  return cudaSuccess;
}

cudaError_t cudaGetDeviceCount(int* count) {
  *count = Runtime::get().devices;
  return Runtime::get().answer(Runtime::get().count_status);
}

// The header of CUDA 12 names another version of this function.
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* prop, int device) {
  *prop = {};
  std::strcpy(prop->name, "Emulated GPU");
  std::memset(&prop->uuid, 0x10 + Runtime::get().gone + device, sizeof(prop->uuid));
  prop->major = Runtime::get().capability / 10;
  prop->minor = Runtime::get().capability % 10;
  prop->multiProcessorCount = gpubench::emulator::multiprocessors;
  prop->totalGlobalMem = memory_bytes;
  prop->l2CacheSize = 64 << 10;
  return Runtime::get().answer(device < Runtime::get().devices ? cudaSuccess : cudaErrorInvalidDevice);
}

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int device) {
  switch (attribute) {
    case cudaDevAttrPciDomainId:
    case cudaDevAttrPciDeviceId: *value = 0; break;
    case cudaDevAttrPciBusId: *value = 0x1b + Runtime::get().gone + device; break;
    case cudaDevAttrClockRate:
    case cudaDevAttrMemoryClockRate: *value = 1'000'000; break;  // kHz
    case cudaDevAttrGlobalMemoryBusWidth: *value = 1024; break;
    default: return Runtime::get().answer(cudaErrorInvalidValue);
  }
  return Runtime::get().answer(cudaSuccess);
}

cudaError_t cudaSetDevice(int device) {
  if (device >= Runtime::get().devices) return Runtime::get().answer(cudaErrorInvalidDevice);
  Runtime::get().current = device;
  return Runtime::get().answer(cudaSuccess);
}

cudaError_t cudaGetDevice(int* device) {
  *device = Runtime::get().current;
  return Runtime::get().answer(cudaSuccess);
}

cudaError_t cudaGetLastError() {
  const cudaError_t last = Runtime::get().answer(Runtime::get().last);
  Runtime::get().last = cudaSuccess;
  return last;
}

const char* cudaGetErrorName(cudaError_t status) {
  switch (status) {
    case cudaErrorIllegalAddress: return "cudaErrorIllegalAddress";
    case cudaErrorECCUncorrectable: return "cudaErrorECCUncorrectable";
    case cudaErrorMemoryAllocation: return "cudaErrorMemoryAllocation";
    default: return "cudaError";
  }
}

const char* cudaGetErrorString(cudaError_t status) {
  switch (status) {
    case cudaErrorIllegalAddress: return "an illegal memory access was encountered";
    case cudaErrorECCUncorrectable: return "uncorrectable ECC error encountered";
    case cudaErrorMemoryAllocation: return "out of memory";
    default: return "an error of the fake runtime";
  }
}
}
