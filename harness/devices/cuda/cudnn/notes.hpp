#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/core/precision.hpp"
#include "harness/devices/cuda/cudnn/abi.hpp"

namespace gpubench::cudnn {

/// `tensor cores`, `not deterministic`
std::string text_of(NumericalNote note);
/// `compiled at run time`
std::string text_of(BehaviorNote note);
/// cuDNN's own name in lower case: `tile size`; a number where it is newer than this
std::string text_of(Knob knob);

/// What of these notes does not fit what the precision promises; none where all do.
///   fp32: neither tensor cores, which multiply in less, nor transforms of Winograd or Fourier: sums of IEEE products
///   others: inputs as they are, sums in FP32, no transforms; choose() also wants tensor cores where it is tf32
std::optional<NumericalNote> against(Precision precision, const std::vector<NumericalNote>& notes);

bool deterministic(const std::vector<NumericalNote>& notes);

}  // namespace gpubench::cudnn
