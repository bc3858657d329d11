#include "harness/measure/interval.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <vector>

namespace gpubench {

namespace {

/// Published tables, three decimals; beyond them the expansion in 1 / freedom around the normal quantile `z`
/// (Abramowitz and Stegun 26.7.5), which is right to the fourth digit there.
double student_t(int freedom, const std::array<double, 30>& table, double z) {
  assert(freedom >= 1);
  const auto row = static_cast<std::size_t>(std::max(freedom, 1) - 1);
  if (row < table.size()) return table[row];
  const double n = freedom;
  return z + (z * z * z + z) / (4 * n) + (5 * std::pow(z, 5) + 16 * std::pow(z, 3) + 3 * z) / (96 * n * n);
}

}  // namespace

double student_t_975(int freedom) {
  static constexpr std::array<double, 30> table = {
      12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
      2.120,  2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};
  return student_t(freedom, table, 1.959964);
}

double student_t_995(int freedom) {
  static constexpr std::array<double, 30> table = {
      63.657, 9.925, 5.841, 4.604, 4.032, 3.707, 3.499, 3.355, 3.250, 3.169, 3.106, 3.055, 3.012, 2.977, 2.947,
      2.921,  2.898, 2.878, 2.861, 2.845, 2.831, 2.819, 2.807, 2.797, 2.787, 2.779, 2.771, 2.763, 2.756, 2.750};
  return student_t(freedom, table, 2.575829);
}

std::optional<Interval> interval_over_launches(std::span<const double> medians) {
  const bool all_positive = std::ranges::all_of(medians, [](double m) { return m > 0 && std::isfinite(m); });
  if (medians.size() < 3 || !all_positive) return std::nullopt;
  const auto n = static_cast<double>(medians.size());
  double mean = 0, squares = 0;
  for (const double median : medians) mean += std::log(median) / n;
  for (const double median : medians) squares += std::pow(std::log(median) - mean, 2);
  const double half = student_t_975(static_cast<int>(medians.size()) - 1) * std::sqrt(squares / (n - 1) / n);
  return Interval{.low = std::exp(mean - half), .high = std::exp(mean + half)};
}

std::optional<Interval> ratio_interval_over_launches(std::span<const double> numerators,
                                                     std::span<const double> denominators) {
  assert(numerators.size() == denominators.size());
  std::vector<double> ratios;
  for (std::size_t i = 0; i < std::min(numerators.size(), denominators.size()); ++i)
    ratios.push_back(numerators[i] / denominators[i]);
  return interval_over_launches(ratios);
}

}  // namespace gpubench
