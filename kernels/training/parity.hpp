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
  /// A mode's rounding turns a gradient a little but does not shorten it: what a cosine over all cannot see, one
  /// layer's gradient being a tenth too small, shows here.
  double gradient_scale = 0.05;
};
ParityLimits parity_limits(Mode mode);

/// dot(a, b) / (|a| |b|), accumulated in double; NaN where one of them is 0 or not finite. @pre equal sizes
double cosine(std::span<const float> a, std::span<const float> b);

/// The largest |<g, r> / <r, r> - 1| over the parameters that hold at least a thousandth of the reference's squared
/// length.
double worst_scale(const FirstStep& got, const FirstStep& reference);

/// @param got of `mode`; @param reference of fp32
Parity parity(Mode mode, const FirstStep& got, const FirstStep& reference);

}  // namespace gpubench::training
