#include "kernels/conv/onednn.hpp"

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "kernels/training/onednn/layers.hpp"

namespace gpubench {

std::optional<std::string> onednn_why_not(const Conv& conv) {
  using enum Precision;
  if (conv.format == tf32) return "this CPU has no TF32";
  if (auto missing = onednn_library().missing()) return missing;
  if (conv.format == fp8 || conv.format == int8)
    return fmt::format("convolutions in {} are not part of this version", name(conv.format));
  if (conv.fusion) return "fused convolutions are run on a GPU only, by cuDNN";
  try {
    const training::Operation operation = conv.operation();
    (void)training::OneDnnLayers().plan(operation, training::operands(operation).inputs);
  } catch (const Unsupported&) {
    return fmt::format("oneDNN {} has no {} convolution on this CPU ({})",
                       onednn_version(),
                       conv.format == fp16   ? "FP16"
                       : conv.format == bf16 ? "BF16"
                                             : "FP32",
                       onednn::effective_isa());
  }
  return std::nullopt;
}

}  // namespace gpubench
