#include "tests/harness/devices/cuda/fake_runtime/fake_device.hpp"

#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <iostream>
#include <utility>

#include "harness/devices/cuda/emulator/clock.hpp"
#include "harness/devices/cuda/emulator/fault.hpp"
#include "harness/devices/cuda/emulator/launch.hpp"

namespace gpubench::fake_cuda {
namespace {

std::string variable(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value ? value : otherwise;
}

/// Libraries of the tests that stand in for the vendor's do their work on this runtime's streams.
void join(const char* library) {
  const std::string file = variable(library, "");
  void* handle = file.empty() ? nullptr : dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (void* use = handle ? dlsym(handle, "gpubench_use_fake_cuda") : nullptr)
    reinterpret_cast<void (*)(const Enqueue&)>(use)([](cudaStream_t stream, Work work) {
      return Runtime::get().enqueue(stream, std::move(work), true) == cudaSuccess;
    });
}

}  // namespace

Runtime& Runtime::get() {
  static Runtime runtime;
  return runtime;
}

Runtime::Runtime()
    : devices(std::stoi(variable("GPUBENCH_FAKE_CUDA_DEVICES", "1"))),
      capability(std::stoi(variable("GPUBENCH_FAKE_CUDA_CAPABILITY", "80"))),
      seconds(std::stod(variable("GPUBENCH_FAKE_CUDA_SECONDS", "0.005"))),
      count_status(static_cast<cudaError_t>(std::stoi(variable("GPUBENCH_FAKE_CUDA_STATUS", "0")))),
      fault_file_(variable("GPUBENCH_FAKE_CUDA_FAULT_FILE", "")) {
  if (const std::string file = variable("GPUBENCH_FAKE_CUDA_GONE_WITHOUT", "");
      !file.empty() && !std::filesystem::exists(file)) {
    gone = 1;
    --devices;
  }
  const std::string fault = variable("GPUBENCH_FAKE_CUDA_FAULT", "");
  if (const auto at = fault.find('@'); at != std::string::npos) {
    fault_ = static_cast<cudaError_t>(std::stoi(fault.substr(0, at)));
    failing_kernel_ = std::stoi(fault.substr(at + 1));
  }
  for (const char* library : {"GPUBENCH_CUBLASLT", "GPUBENCH_CUDNN"}) join(library);
  emulator::take_launch = [](cuda::Stream stream, std::function<void()> run) {
    Runtime::get().enqueue(stream, std::move(run), true);
  };
}

cudaError_t Runtime::answer(cudaError_t status) {
  if (sticky != cudaSuccess) status = sticky;
  if (status != cudaSuccess) last = status;
  return status;
}

cudaError_t Runtime::enqueue(cudaStream_t stream, Work work, bool is_kernel) {
  if (sticky != cudaSuccess) return answer(sticky);
  if (!stream) {
    late.push_back([this, work = std::move(work), is_kernel] { run(work, is_kernel); });
    return cudaSuccess;
  }
  if (stream->device != current) return answer(cudaErrorInvalidResourceHandle);
  if (stream->recording) {
    stream->recorded.emplace_back([this, work = std::move(work), is_kernel] { run(work, is_kernel); });
    return cudaSuccess;
  }
  return run(work, is_kernel);
}

void Runtime::catch_up() {
  for (const Work& work : std::exchange(late, {})) work();
}

bool Runtime::fault_is_due() {
  if (failing_kernel_ == 0 || ++kernels_ != failing_kernel_) return false;
  return fault_file_.empty() || std::filesystem::remove(fault_file_);
}

cudaError_t Runtime::run(const Work& work, bool is_kernel) {
  emulator::device_clock.pass(seconds);
  if (is_kernel && fault_is_due()) sticky = fault_;
  if (sticky != cudaSuccess) return cudaSuccess;  // an asynchronous failure is told by a later call
  if (is_kernel && std::exchange(lose_next_kernel, false)) return cudaSuccess;
  try {
    work();
  } catch (const emulator::Fault& fault) {
    std::cerr << fault.what() << '\n';
    sticky = cudaErrorIllegalAddress;
  }
  return cudaSuccess;
}

}  // namespace gpubench::fake_cuda
