#include <cstdlib>

#include <fmt/format.h>

#include "harness/backend.hpp"
#include "harness/core/abi.hpp"
#include "harness/devices/cuda/discovery.hpp"

namespace gpubench::cuda {
namespace {

/// Finds devices and says so; it has no cases to run on them yet.
class CudaBackend : public Backend {
 public:
  Found find_devices() override {
    const Answer answer = ask();
    if (answer.devices > 0)
      return {.why_none =
                  fmt::format("found {} CUDA device(s); CUDA cases are not part of this version", answer.devices)};
    return {.why_none = why_none(answer, std::getenv("CUDA_VISIBLE_DEVICES"))};
  }
};

}  // namespace
}  // namespace gpubench::cuda

extern "C" {
__attribute__((visibility("default"))) const char* gpubench_abi() { return gpubench::abi.data(); }
__attribute__((visibility("default"))) gpubench::Backend* gpubench_backend() {
  static gpubench::cuda::CudaBackend backend;
  return &backend;
}
}
