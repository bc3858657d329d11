#include "harness/devices/cuda/cudnn/cudnn.hpp"

#include <array>
#include <map>

#include <fmt/format.h>

#include <cuda_runtime_api.h>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/check.hpp"
#include "harness/devices/cuda/events.hpp"

namespace gpubench::cudnn {
namespace {

constexpr int category = 1000;

std::string text_of(Status status) {
  std::array<char, 1024> last{};
  cudnnGetLastErrorString(last.data(), last.size());
  const char* name = cudnnGetErrorString(status);
  return last[0] == '\0' ? name : fmt::format("{} ({})", name, last.data());
}

}  // namespace

std::string version() {  // 91900 is 9.19.0
  const std::size_t number = cudnnGetVersion();
  return fmt::format("{}.{}.{}", number / 10000, number / 100 % 100, number % 100);
}

void check(Status status, const std::string& doing) {
  if (status == Status::success) return;
  const std::string said = fmt::format("cuDNN {}, {}: {}", version(), doing, text_of(status));
  const int of = static_cast<int>(status) / category * category;
  if (of == static_cast<int>(Status::not_supported)) throw Unsupported(said);
  if (status == Status::host_allocation_failed || status == Status::device_allocation_failed) throw OutOfMemory(said);
  if (of == static_cast<int>(Status::execution_failed)) cuda::check(cudaDeviceSynchronize(), "cudnnBackendExecute");
  throw Error(said);
}

Handle handle_of(int ordinal) {
  static std::map<int, Handle> handles;  // never destroyed: a library that ends before its users is worse
  const auto known = handles.find(ordinal);
  if (known != handles.end()) return known->second;
  cuda::use_device(ordinal);
  Handle handle = nullptr;
  if (const Status status = cudnnCreate(&handle); status != Status::success)
    throw Unsupported(fmt::format("cuDNN {} does not start on cuda:{}: {}", version(), ordinal, text_of(status)));
  return handles[ordinal] = handle;
}

}  // namespace gpubench::cudnn
