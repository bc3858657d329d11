#include "kernels/conv/conv.hpp"

#include <fmt/format.h>

#include "suites/models/matrix_layers.hpp"
#include "suites/models/resnet50.hpp"
#include "suites/suites.hpp"

namespace gpubench {
namespace {

constexpr double seconds_of_case = 0.1;  // there are 138

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

std::string title_of(int images, Distribution data) {
  const std::string with = data == Distribution::uniform ? "" : fmt::format(" · {} data", name(data));
  return fmt::format("ResNet-50 · 224x224 · batch {} · its convolutions{}", images, with);
}

}  // namespace

/// Every distinct convolution of ResNet-50, so that those of a step can be added up.
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
                                    .seed = options.seed,
                                    .group = title_of(images, data),
                                    .layer = LayerOf{.name = one.layer,
                                                     .pass = pass_of(direction),
                                                     .count = one.count,
                                                     .shape = text_of(one.shape)}},
                               {.most_seconds = options.thorough ? 0 : seconds_of_case}));
  return lines;
}

}  // namespace gpubench
