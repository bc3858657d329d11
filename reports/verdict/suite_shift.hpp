#pragma once

#include <span>
#include <vector>

#include "reports/verdict/decide.hpp"
#include "reports/verdict/night.hpp"

namespace gpubench {

/// What the screen takes out of every case is judged here, for all compute-bound cases together: tonight's common mode
/// stands out of its own past. The most sensitive sentinels, as many as fit the reserve, are measured in pairs; the
/// difference of a pair is the median over them (they share their launches: each for itself is no evidence of its own),
/// and the same rule and the same table decide.
Decision confirm_suite(const NightInput& input,
                       const Screening& screening,
                       ConfirmSession& session,
                       Executor& executor,
                       const Rules& rules = default_rules);

/// A night on which the whole suite stood out is no night to judge others against.
void mark_sentinels(std::vector<Decision>& cases, const Decision& suite, std::span<const Series> history);

}  // namespace gpubench
