#pragma once

#include <optional>
#include <span>

#include "harness/measure/statistics.hpp"
#include "reports/verdict/verdict.hpp"

namespace gpubench {

/// Launches a side from which on their ratio decides.
inline constexpr std::size_t least_launches_to_decide = 5;

/// What launches of two sides say by themselves, without a history of nights.
struct ByInterval {
  Interval slower_percent{};  ///< 99 %, of tonight against the past, log-percent
  double percent = 0;
  Verdict verdict = Verdict::ok;
};

/// Welch's 99 % interval of the difference: wholly beyond 0.75 % `regression`, beyond 0.3 % `watch`, as far below
/// `improvement`; one that reaches beyond 2 % and decides nothing is `insensitive`, else `ok`. None with fewer launches
/// than `least_launches_to_decide` on a side. @param past, tonight log-percent, a value a launch
std::optional<ByInterval> judge_by_interval(std::span<const double> past, std::span<const double> tonight);

}  // namespace gpubench
