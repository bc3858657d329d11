#pragma once

#include <span>
#include <vector>

#include "harness/core/precision.hpp"
#include "harness/result.hpp"

namespace gpubench::training {

/// What one step from the initial weights on the first batch gives: what modes are compared by.
struct FirstStep {
  double loss = 0;
  std::vector<float> gradient{};     ///< of all parameters, one after the other
  std::vector<std::size_t> sizes{};  ///< of each parameter
};

/// How far apart two modes may be at the same weights on the same batch.
struct ParityLimits {
  double loss_difference = 0.005;  ///< relative
  double gradient_cosine = 0.999;  ///< at least
  /// A mode's rounding turns a gradient a little but hardly shortens it; a layer's gradient that is too small as a
  /// whole is something a cosine over all parameters cannot see.
  double gradient_scale = 0.05;
};
/// For a network of fifty layers. bf16 keeps 8 bits: ResNet-50 at batch 16 and 8 was measured at a cosine of 0.997 and
/// a scale of 0.07 to 0.08 (oneDNN, AMX); the limit of the scale is three times that. Single operations are held to the
/// oracle, more tightly.
ParityLimits parity_limits(Mode mode);

/// dot(a, b) / (|a| |b|), accumulated in double; NaN where one of them is 0 or not finite. @pre equal sizes
double cosine(std::span<const float> a, std::span<const float> b);

/// The largest |<g, r> / <r, r> - 1| over the parameters that hold at least a thousandth of the reference's squared
/// length.
double worst_scale(const FirstStep& got, const FirstStep& reference);

/// @param reference of fp32
Parity parity(const FirstStep& got, const FirstStep& reference, const ParityLimits& limits);

}  // namespace gpubench::training
