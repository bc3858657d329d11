#include <cstdlib>

#include "harness/backend.hpp"
#include "harness/core/abi.hpp"
#include "harness/devices/cuda/cuda_device.hpp"
#include "harness/devices/cuda/discovery.hpp"
#include "harness/devices/cuda/vendor_libraries.hpp"
#include "kernels/offers.hpp"

namespace gpubench::cuda {
namespace {

class CudaBackend : public Backend {
 public:
  Found find_devices() override {
    const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
    const Answer answer = ask();
    Found found{.why_none = why_none(answer, visible)};
    if (answer.devices == 0) return found;
    const std::vector<Library> libraries = vendor_libraries();
    for (Properties& one : properties(answer.devices, visible)) {
      auto device = std::make_unique<CudaDevice>(std::move(one), libraries);
      offer_cuda_kernels(*device);
      found.devices.push_back(std::move(device));
    }
    return found;
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
