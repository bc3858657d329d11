#include "kernels/conv/cudnn.hpp"

#include <fmt/format.h>

#include "harness/devices/cuda/vendor_libraries.hpp"
#include "kernels/conv/conv_kernel.hpp"
#include "kernels/training/cuda/layers.hpp"

namespace gpubench {

std::optional<std::string> cudnn_why_not(const Conv& conv, const cuda::CudaDevice& device) {
  using enum Precision;
  constexpr int ampere = 80, volta = 70;  // the first with TF32 and BF16; with tensor cores
  const int capability = device.properties().capability;
  if (conv.format == fp8 || conv.format == int8)
    return fmt::format("convolutions in {} are not part of this version", name(conv.format));
  if ((conv.format == tf32 || conv.format == bf16) && capability < ampere)
    return fmt::format("{} needs compute capability 8.0, this GPU has {}.{}",
                       conv.format == tf32 ? "TF32" : "BF16",
                       capability / 10,
                       capability % 10);
  if (conv.fusion && capability < volta)
    return fmt::format("cuDNN fuses convolutions from compute capability 7.0 on, this GPU has {}.{}",
                       capability / 10,
                       capability % 10);
  return cuda::cudnn_library().missing();
}

std::unique_ptr<Kernel> cudnn_conv_kernel(const Conv& conv, cuda::CudaDevice& device) {
  const Precision fp32 = conv.format == Precision::tf32 ? Precision::tf32 : Precision::fp32;
  constexpr bool narrow_gradient = true;  // as frameworks take it: one in FP32 is an engine that they do not use
  return make_conv_kernel(
      conv, std::make_unique<training::CudaLayers>(device, fp32), device.properties().l2_bytes, narrow_gradient);
}

}  // namespace gpubench
