#include "harness/devices/cpu/cpu_device.hpp"
#include "kernels/gemm/gemm_kernel.hpp"
#include "kernels/gemm/onednn.hpp"
#include "kernels/offers.hpp"
#include "kernels/training/onednn/layers.hpp"
#include "kernels/training/onednn/support.hpp"
#include "kernels/training/training_kernel.hpp"

namespace gpubench {

void offer_cpu_kernels(CpuDevice& device) {
  using training::Network, training::OneDnnLayers, training::TrainingDevice;
  const TrainingDevice onednn_training{.layers = [] { return std::make_unique<OneDnnLayers>(); },
                                       .available_memory = [&device] { return device.available_memory(); }};
  device.catalog().add<Network>(
      "onednn",
      {.make = [onednn_training](
                   const Network& network) { return training::make_training_kernel(network, onednn_training); },
       .why_not = [](const Network& network) { return training::onednn::why_not(network.mode); }});
  device.catalog().add<Gemm>("onednn",
                             {.make = [](const Gemm& gemm) { return make_gemm_kernel(gemm, onednn_products(gemm)); },
                              .why_not = onednn_why_not});
}

}  // namespace gpubench
