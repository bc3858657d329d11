#include "kernels/conv/conv.hpp"

#include <fmt/format.h>

#include "suites/models/matrix_layers.hpp"
#include "suites/models/resnet50.hpp"
#include "suites/suites.hpp"

namespace gpubench {
namespace {

constexpr double seconds_of_case = 0.1;  // a CPU has 138

using Fusion = training::FusedConvolution::Fusion;
constexpr Fusion fusions[] = {
    Fusion::statistics, Fusion::normalised_statistics, Fusion::relu_gradient, Fusion::bias_relu};

std::string pass_of(Direction direction) {
  switch (direction) {
    case Direction::fprop: return "forward";
    case Direction::dgrad: return "data gradient";
    case Direction::wgrad: return "weight gradient";
  }
  return "";
}

/// `64 3x3/2 on 128x56x56`: filters, their size and stride, on an image's channels and size.
std::string text_of(const training::ConvolutionShape& s) {
  return fmt::format("{} {}x{}{} on {}x{}x{}",
                     s.out_channels,
                     s.kernel,
                     s.kernel,
                     s.stride > 1 ? fmt::format("/{}", s.stride) : "",
                     s.in_channels,
                     s.height,
                     s.width);
}

std::string title_of(int images, Distribution data, const char* which = "its convolutions") {
  const std::string with = data == Distribution::uniform ? "" : fmt::format(" · {} data", name(data));
  return fmt::format("ResNet-50 · 224x224 · batch {} · {}{}", images, which, with);
}

/// Whether a fused one is timed without being asked for: of each stage the 3x3 and what follows it, in what training
/// fuses. A plan of such a one is compiled first, for seconds.
bool is_told_always(const training::ConvolutionShape& s, Fusion fusion) {
  if (fusion == Fusion::bias_relu || s.stride > 1) return false;
  return s.kernel == 3 || (s.kernel == 1 && s.out_channels == 4 * s.in_channels);
}

void add_fused(Lines& lines, const SuiteOptions& options, int images, const std::vector<LayerConvolution>& all) {
  for (const Precision format : {Precision::fp16, Precision::bf16}) {
    if (format == Precision::fp16 && !options.thorough) continue;  // as fast as bf16, and as long in the making
    for (const Fusion fusion : fusions)
      for (const Distribution data : options.data)
        for (const LayerConvolution& one : all) {
          if (one.shape.kernel > 3 || !(options.thorough || is_told_always(one.shape, fusion))) continue;
          lines.push_back(Line(Conv{.shape = one.shape,
                                    .direction = fusion == Fusion::relu_gradient ? Direction::dgrad : Direction::fprop,
                                    .format = format,
                                    .data = data,
                                    .fusion = fusion,
                                    .graphs = options.graphs,
                                    .seed = options.seed,
                                    .group = title_of(images, data, "its convolutions, fused"),
                                    .layer = LayerOf{.name = one.layer,
                                                     .pass = std::string(training::name(fusion)),
                                                     .count = one.count,
                                                     .shape = text_of(one.shape)}},
                               {.most_seconds = options.thorough ? 0 : seconds_of_case}));
        }
  }
}

}  // namespace

/// Every distinct convolution of ResNet-50, so that those of a step can be added up; then some with what a step does
/// around them.
Lines conv(const SuiteOptions& options) {
  using enum Precision;
  const int images = options.batch.value_or(16);
  const auto convolutions = matrix_layers_of(resnet50(Mode::fp32, images)).convolutions;
  Lines lines;
  for (const Precision format : {fp32, tf32, fp16, bf16})
    for (const Direction direction : all_directions)
      for (const Distribution data : options.data)
        for (const LayerConvolution& one : convolutions)
          lines.push_back(Line(Conv{.shape = one.shape,
                                    .direction = direction,
                                    .format = format,
                                    .data = data,
                                    .graphs = options.graphs,
                                    .seed = options.seed,
                                    .group = title_of(images, data),
                                    .layer = LayerOf{.name = one.layer,
                                                     .pass = pass_of(direction),
                                                     .count = one.count,
                                                     .shape = text_of(one.shape)}},
                               {.most_seconds = options.thorough ? 0 : seconds_of_case}));
  add_fused(lines, options, images, convolutions);
  return lines;
}

}  // namespace gpubench
