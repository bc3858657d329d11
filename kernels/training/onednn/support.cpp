#include "kernels/training/onednn/support.hpp"

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "kernels/training/onednn/layers.hpp"
#include "kernels/training/step_plan.hpp"

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

/// Each kind of matrix work that the network has, small, in `type`; what is looked at first comes first.
std::vector<Operation> matrix_work(const Network& network, Type type) {
  const ConvolutionShape image{
      .batch = 1, .in_channels = 16, .height = 8, .width = 8, .out_channels = 16, .kernel = 3, .padding = 1};
  const LinearShape matrix{.rows = 16, .in = 32, .out = 16};
  const AttentionShape heads{.batch = 1, .sequence = 16, .heads = 2, .head_size = 16};
  std::vector<Operation> needed;
  if (!network.reads_tokens())
    needed = {ConvolutionForward{image, type},
              ConvolutionDataGradient{image, type},
              ConvolutionWeightGradient{image, type},
              BatchNormForward{.shape = image.x(), .relu = true, .type = type}};
  for (const Operation& linear : {Operation(LinearForward{matrix, type, type}),
                                  Operation(LinearDataGradient{matrix, type}),
                                  Operation(LinearWeightGradient{matrix, type})})
    needed.push_back(linear);
  if (network.reads_tokens()) {
    needed.emplace_back(AttentionForward{heads, type});
    needed.emplace_back(AttentionBackward{heads, type});
  }
  return needed;
}

/// The first kind of layer that cannot be planned. `convolution weight gradient`
std::optional<std::string> missing_layer(const Network& network, Type type) {
  OneDnnLayers layers;
  for (const Operation& operation : matrix_work(network, type))
    if (refuses(layers, operation)) return fmt::format("{} {}", kind(operation), pass(operation));
  return std::nullopt;
}

/// A sequence longer than its network has positions for.
std::optional<std::string> too_long(const Network& network) {
  for (const Layer& layer : network.layers)
    if (const auto* embedding = std::get_if<Embedding>(&layer.what))
      if (network.sequence > embedding->positions)
        return fmt::format("{} has {} positions, a sequence of {} does not fit",
                           network.title,
                           embedding->positions,
                           network.sequence);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> why_not(const Network& network) {
  if (network.mode == Mode::tf32) return "this CPU has no TF32";
  if (auto missing = onednn_library().missing()) return missing;
  if (auto why = too_long(network)) return why;
  const Type type = activation_type(network.mode);
  if (const auto layer = missing_layer(network, type))
    return fmt::format("oneDNN {} has no {} {} on this CPU ({})",
                       onednn_version(),
                       type == Type::f16    ? "FP16"
                       : type == Type::bf16 ? "BF16"
                                            : "FP32",
                       *layer,
                       gpubench::onednn::effective_isa());
  return std::nullopt;
}

}  // namespace gpubench::training::onednn
