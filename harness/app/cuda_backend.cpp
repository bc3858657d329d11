#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "harness/backend.hpp"
#include "harness/core/abi.hpp"
#include "harness/devices/cuda/cuda_device.hpp"
#include "harness/devices/cuda/discovery.hpp"
#include "harness/devices/cuda/nvml/gpu_facts.hpp"
#include "harness/devices/cuda/pcie_load.hpp"
#include "harness/devices/cuda/vendor_libraries.hpp"
#include "kernels/offers.hpp"

namespace gpubench::cuda {
namespace {

class CudaBackend : public Backend {
 public:
  Found find_devices() override {
    const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
    const Answer answer = ask();
    Found found{.why_none = why_none(answer, visible), .gpus = nvml::gpu_node()};
    GpuNode& node = *found.gpus;
    node.plugin = fmt::format("cuda{}", answer.runtime_version / 1000);
    node.plugin_cuda = answer.runtime_version;
    node.why_not = found.why_none;
    if (node.driver_cuda == 0) node.driver_cuda = answer.driver_version;  // without NVML
    if (answer.devices == 0) return found;
    const std::vector<Library> libraries = vendor_libraries();
    std::ranges::copy(libraries, std::back_inserter(node.libraries));
    properties_ = properties(answer.devices, visible);
    for (const Properties& one : properties_) {
      auto device = std::make_unique<CudaDevice>(one, libraries);
      offer_cuda_kernels(*device);
      found.devices.push_back(std::move(device));
    }
    return found;
  }

  void read_under_load(GpuNode& node) override {
    for (const Properties& device : properties_)
      if (const auto gpu = std::ranges::find(node.gpus, device.pci, &Gpu::pci); gpu != node.gpus.end())
        read_one_under_load(device.ordinal, *gpu);
    // Without a device nobody has looked for them, and doctor tells what else is missing.
    if (properties_.empty()) std::ranges::move(vendor_libraries(), std::back_inserter(node.libraries));
  }

 private:
  /// One that cannot be loaded (its memory is full, it is somebody's alone) keeps what was read while it was idle.
  static void read_one_under_load(int ordinal, Gpu& gpu) {
    try {
      cuda::read_under_load(ordinal, gpu);
    } catch (const std::exception&) {
    }
  }

  std::vector<Properties> properties_{};
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
