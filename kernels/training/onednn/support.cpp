#include "kernels/training/onednn/support.hpp"

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "kernels/training/onednn/layers.hpp"

namespace gpubench::training::onednn {
namespace {

bool refuses(OneDnnLayers& layers, const Operation& operation) {
  try {
    (void)layers.plan(operation, operands(operation).inputs);
    return false;
  } catch (const Unsupported&) {
    return true;
  }
}

/// The kinds of layer that store in `type`, by what is looked at first. None if all can be planned.
std::optional<std::string> missing_layer(Type type) {
  const ConvolutionShape image{
      .batch = 1, .in_channels = 16, .height = 8, .width = 8, .out_channels = 16, .kernel = 3, .padding = 1};
  const LinearShape matrix{.rows = 16, .in = 32, .out = 16};
  const Operation needed[] = {ConvolutionForward{image, type},
                              ConvolutionDataGradient{image, type},
                              ConvolutionWeightGradient{image, type},
                              LinearForward{matrix, type},
                              LinearDataGradient{matrix, type},
                              LinearWeightGradient{matrix, type},
                              BatchNormForward{.shape = image.x(), .relu = true, .type = type},
                              SoftmaxCrossEntropy{.rows = 16, .classes = 16, .type = type}};
  OneDnnLayers layers;
  for (const Operation& operation : needed)
    if (refuses(layers, operation)) return std::string(kind(operation));
  return std::nullopt;
}

}  // namespace

std::optional<std::string> why_not(Mode mode) {
  if (mode == Mode::tf32) return "this CPU has no TF32";
  if (auto missing = onednn_library().missing()) return missing;
  if (mode == Mode::amp_fp16)
    if (const auto layer = missing_layer(Type::f16))
      return fmt::format("oneDNN {} has no FP16 {}", onednn_version(), *layer);
  if (mode == Mode::amp_bf16)
    if (const auto layer = missing_layer(Type::bf16))
      return fmt::format(
          "oneDNN {} has no BF16 {} on this CPU ({})", onednn_version(), *layer, gpubench::onednn::effective_isa());
  return std::nullopt;
}

}  // namespace gpubench::training::onednn
