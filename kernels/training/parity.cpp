#include "kernels/training/parity.hpp"

#include <cmath>

#include <fmt/format.h>

namespace gpubench::training {

ParityLimits parity_limits(Mode mode) {
  if (mode != Mode::amp_bf16) return {};
  return {.gradient_cosine = 0.99, .gradient_scale = 0.25};
}

double cosine(std::span<const float> a, std::span<const float> b) {
  double dot = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double x = static_cast<double>(a[i]), y = static_cast<double>(b[i]);
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return dot / std::sqrt(aa * bb);
}

double worst_scale(const FirstStep& got, const FirstStep& reference) {
  double length = 0;
  for (const float r : reference.gradient) length += static_cast<double>(r) * static_cast<double>(r);
  double worst = 0;
  std::size_t at = 0;
  for (const std::size_t size : reference.sizes) {
    double along = 0, own = 0;
    for (const std::size_t end = at + size; at < end; ++at) {
      along += static_cast<double>(got.gradient[at]) * static_cast<double>(reference.gradient[at]);
      own += static_cast<double>(reference.gradient[at]) * static_cast<double>(reference.gradient[at]);
    }
    if (const double off = std::abs(along / own - 1); own >= 1e-3 * length && !(off <= worst))
      worst = off;  // NaN stays
  }
  return worst;
}

Parity parity(const FirstStep& got, const FirstStep& reference, const ParityLimits& limits) {
  Parity found{.against = "fp32",
               .loss_difference = std::abs(got.loss - reference.loss) / std::abs(reference.loss),
               .gradient_scale = worst_scale(got, reference),
               .gradient_cosine = cosine(got.gradient, reference.gradient)};
  if (!(found.loss_difference <= limits.loss_difference))  // NaN is a mismatch
    found.mismatch = fmt::format("loss {:.6g} against {:.6g} of fp32, {:.2g} apart, at most {:.2g} allowed",
                                 got.loss,
                                 reference.loss,
                                 found.loss_difference,
                                 limits.loss_difference);
  else if (!(found.gradient_cosine >= limits.gradient_cosine))
    found.mismatch = fmt::format(
        "gradient cosine {:.4f} with fp32, at least {} wanted", found.gradient_cosine, limits.gradient_cosine);
  else if (!(found.gradient_scale <= limits.gradient_scale))
    found.mismatch =
        fmt::format("one parameter's gradient is {:.3g} longer or shorter than in fp32, at most {} allowed",
                    found.gradient_scale,
                    limits.gradient_scale);
  return found;
}

}  // namespace gpubench::training
