#pragma once

#include <string>

#include "harness/result.hpp"

namespace gpubench {

/// Where the step of one launch goes: a line for each layer kind and pass with its time, its share, its roofline bound
/// and what that bound comes from, then the sum of the parts and of the bounds against the measured step. UTF-8, each
/// line ends in a line feed, `indent` before it.
/// @param caption what the row is called in its table: `amp-bf16`
/// @param fp32 what the gains of the parts are taken against; null for fp32 itself, or where it has no time
/// @pre the row is ok
std::string explanation(const CaseResult& row,
                        const CaseResult* fp32,
                        const std::string& caption,
                        const std::string& indent = "  ");

}  // namespace gpubench
