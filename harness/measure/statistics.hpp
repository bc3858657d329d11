#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace gpubench {

/// Linear between neighbours (type 7: numpy's and R's default). @pre samples is not empty, 0 <= q <= 1
double quantile(std::span<const double> samples, double q);

/// @pre samples is not empty
double median(std::span<const double> samples);

/// (q3 - q1) / median: the spread within one launch; none below four samples.
std::optional<double> relative_spread(std::span<const double> samples);

/// How many independent samples these are worth: n / (1 + 2 * sum of r_k), r_k the autocorrelation of sign(sample -
/// median), summed while it stays above 1 / sqrt(n) and k < min(n / 3, 50). Never above n, never below 1. @pre not
/// empty
double effective_count(std::span<const double> samples);

struct Interval {
  double low = 0, high = 0;
};

/// Distribution-free interval of the median from order statistics at the effective count `n_effective`: the ranks
/// n/2 -+ 1.96 * sqrt(n)/2 * sqrt(n / n_effective). With fewer than 8 samples it is the whole range, which covers the
/// median with 1 - 2^(1-n): 97 % for six. None below six samples.
std::optional<Interval> median_interval(std::span<const double> samples, double n_effective);

}  // namespace gpubench
