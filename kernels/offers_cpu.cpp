#include "harness/core/error.hpp"
#include "harness/devices/cpu/caches.hpp"
#include "harness/devices/cpu/cpu_device.hpp"
#include "kernels/conv/conv_kernel.hpp"
#include "kernels/conv/onednn.hpp"
#include "kernels/gemm/gemm_kernel.hpp"
#include "kernels/gemm/onednn.hpp"
#include "kernels/launch/launch.hpp"
#include "kernels/memory/gpubench.hpp"
#include "kernels/offers.hpp"
#include "kernels/training/onednn/layers.hpp"
#include "kernels/training/onednn/support.hpp"
#include "kernels/training/training_kernel.hpp"

namespace gpubench {
namespace {

constexpr const char* no_launches = "nothing is launched on a CPU: a kernel there is a function that is called";

}  // namespace

void offer_cpu_kernels(CpuDevice& device) {
  using training::Network, training::OneDnnLayers, training::TrainingDevice;
  const TrainingDevice onednn_training{.layers = [] { return std::make_unique<OneDnnLayers>(); },
                                       .available_memory = [&device] { return device.available_memory(); }};
  device.catalog().add<Network>(
      "onednn",
      {.make = [onednn_training](
                   const Network& network) { return training::make_training_kernel(network, onednn_training); },
       .why_not = [](const Network& network) { return training::onednn::why_not(network); }});
  device.catalog().add<Gemm>(
      "onednn",
      {.make = [](const Gemm& gemm) { return make_gemm_kernel(gemm, onednn_products(gemm, cpu::cache_bytes())); },
       .why_not = [](const Gemm& gemm) { return onednn_why_not(gemm); }});
  device.catalog().add<Conv>("onednn",
                             {.make =
                                  [](const Conv& conv) {
                                    return make_conv_kernel(conv, std::make_unique<OneDnnLayers>(), cpu::cache_bytes());
                                  },
                              .why_not = [](const Conv& conv) { return onednn_why_not(conv); }});
  device.catalog().add<MemoryPass>(
      "gpubench", {.make = [](const MemoryPass& pass) { return make_memory_kernel(pass); }, .why_not = {}});
  device.catalog().add<Launch>(
      "gpubench",
      {.make = [](const Launch&) -> std::unique_ptr<Kernel> { throw Unsupported(no_launches); },
       .why_not = [](const Launch&) { return std::optional<std::string>(no_launches); }});
}

}  // namespace gpubench
