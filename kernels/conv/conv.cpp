#include "kernels/conv/conv.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "kernels/operand_values.hpp"

namespace gpubench {
namespace {

training::Type type_of(Precision format) {
  using enum Precision;
  return format == bf16 ? training::Type::bf16 : format == fp16 ? training::Type::f16 : training::Type::f32;
}

std::string text_of(const training::ConvolutionShape& s) {
  const std::string width = s.width == s.height ? "" : fmt::format("w{}", s.width);
  return fmt::format(
      "n{}c{}h{}{}k{}r{}s{}", s.batch, s.in_channels, s.height, width, s.out_channels, s.kernel, s.stride);
}

}  // namespace

training::Operation Conv::operation(bool narrow_gradient) const {
  if (fusion) return training::FusedConvolution{shape, type_of(format), *fusion};
  switch (direction) {
    case Direction::fprop: return training::ConvolutionForward{shape, type_of(format)};
    case Direction::dgrad: return training::ConvolutionDataGradient{shape, type_of(format)};
    case Direction::wgrad:
      return training::ConvolutionWeightGradient{
          shape, type_of(format), narrow_gradient ? type_of(format) : training::Type::f32};
  }
  return training::ConvolutionForward{shape, type_of(format)};
}

std::string Conv::name() const {
  std::string name = fmt::format("conv/{}/{}/{}", gpubench::name(format), gpubench::name(direction), text_of(shape));
  if (fusion) (name += '/') += training::name(*fusion);
  if (data != Distribution::uniform) (name += '/') += gpubench::name(data);
  return name;
}

Work Conv::work() const { return training::work(operation()); }

void Conv::describe(CaseResult& row) const {
  row.figure = name() + "/flops_per_second";
  std::ranges::replace(row.figure, '/', '.');
  row.group = group;
  row.layer = layer;
  row.cache = "rotated";
  row.input = {.distribution = gpubench::text_of(data, format), .seed = seed};
  if (row.status == Status::ok) row.figures = {{"flops_per_second", work().flops / row.median_seconds}};
}

}  // namespace gpubench
