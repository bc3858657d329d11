#pragma once

#include <functional>
#include <string>
#include <vector>

#include "reports/case_summary.hpp"

namespace gpubench {

/// What the lines of a group are called in its table: `amp-bf16`, or more where that is not enough.
using Caption = std::function<std::string(const CaseSummary&)>;

/// Findings, labels and launches without a result, a sentence each, said once for all launches that share it; and where
/// a library chose another plan in another launch, what it chose.
std::vector<std::string> remarks(const Group& group, const Caption& caption);

/// How sure the times of a group are: an interval over three launches or more, or how to get one. Nothing when nothing
/// has a time.
/// @param reference fp32 of a mode, to give the speed-up an interval too; null where there is none
std::vector<std::string> interval_lines(const Group& group,
                                        const Caption& caption,
                                        const std::function<const CaseSummary*(const CaseSummary&)>& reference);

}  // namespace gpubench
