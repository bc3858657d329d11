#pragma once

#include <string>

#include "harness/result.hpp"

namespace gpubench {

/// What bounds the gain of an AMP step over the fp32 one, from where both spend their time: `The convolutions gain
/// 3.0x, the step 2.0x: batch norm is 27 % of the bf16 step and gains nothing.` Without parts it is empty, unless AMP
/// is slower: that is said anyhow. @pre both are ok
std::string amp_gain_sentence(const CaseResult& fp32, const CaseResult& amp, double step_gain);

}  // namespace gpubench
