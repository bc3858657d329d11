#pragma once

#include <optional>
#include <span>

#include "harness/measure/statistics.hpp"

namespace gpubench {

// Paired differences, judged without a distribution of them: launches have a long slow side, and some have two modes.

/// Exact one-sided p of Wilcoxon's signed ranks: how probable a rank sum of the positive differences this large is,
/// when each sign is a coin's. Zeros are dropped, equal sizes share their ranks. Of n positive differences it is 2^-n.
/// 1 for none. @pre at most 30 differences
double signed_rank_p(std::span<const double> differences);

/// Hodges and Lehmann's middle: the median of the means of all pairs of values, each with itself too. @pre not empty
double walsh_median(std::span<const double> differences);

/// Interval of that middle from the order statistics of the same means, at `confidence` or the next more: the exact
/// one of the signed ranks. None where so few differences cannot give it (5 at 95 %: 6 are needed).
std::optional<Interval> walsh_interval(std::span<const double> differences, double confidence);

}  // namespace gpubench
