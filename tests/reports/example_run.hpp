#pragma once

#include <string>

#include "harness/run.hpp"

namespace gpubench::example {

/// The machine of DESIGN's figures.
Context context();

/// A training row of ResNet-50 that was not measured yet.
CaseResult row(const std::string& mode);
/// One that ran, `seconds` a step, every field filled in.
CaseResult trained(const std::string& mode, double seconds);
/// One that did not.
CaseResult without_time(const std::string& mode, Status status, const std::string& reason);

/// fp32 and amp-bf16 ran, tf32 and amp-fp16 cannot.
Run two_modes();

/// fp32 and amp-bf16 in several launches, the times a little apart and all `slower` times as long; tf32 cannot.
Run launches(int count, double slower = 1);

}  // namespace gpubench::example
