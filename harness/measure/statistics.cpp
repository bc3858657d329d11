#include "harness/measure/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace gpubench {
namespace {

std::vector<double> sorted(std::span<const double> samples) {
  std::vector<double> copy(samples.begin(), samples.end());
  std::sort(copy.begin(), copy.end());
  return copy;
}

double quantile_of_sorted(std::span<const double> ordered, double q) {
  const double rank = q * static_cast<double>(ordered.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const auto above = std::min(below + 1, ordered.size() - 1);
  return std::lerp(ordered[below], ordered[above], rank - static_cast<double>(below));
}

}  // namespace

double quantile(std::span<const double> samples, double q) { return quantile_of_sorted(sorted(samples), q); }

double median(std::span<const double> samples) { return quantile(samples, 0.5); }

std::optional<double> relative_spread(std::span<const double> samples) {
  if (samples.size() < 4) return std::nullopt;
  const auto ordered = sorted(samples);
  return (quantile_of_sorted(ordered, 0.75) - quantile_of_sorted(ordered, 0.25)) / quantile_of_sorted(ordered, 0.5);
}

double effective_count(std::span<const double> samples) {
  const auto n = static_cast<double>(samples.size());
  const double middle = median(samples);
  std::vector<double> signs;
  for (const double sample : samples) signs.push_back(sample > middle ? 1 : sample < middle ? -1 : 0);
  double power = 0;
  for (const double sign : signs) power += sign * sign;
  if (power == 0) return n;  // all equal: nothing to correlate

  const std::size_t longest = std::min<std::size_t>(samples.size() / 3, 50);
  double sum = 0;
  for (std::size_t lag = 1; lag < longest; ++lag) {
    double product = 0;
    for (std::size_t i = lag; i < signs.size(); ++i) product += signs[i] * signs[i - lag];
    const double correlation = product / power;
    if (correlation <= 1 / std::sqrt(n)) break;
    sum += correlation;
  }
  return std::clamp(n / (1 + 2 * sum), 1.0, n);
}

std::optional<Interval> median_interval(std::span<const double> samples, double n_effective) {
  if (samples.size() < 6) return std::nullopt;
  const auto ordered = sorted(samples);
  if (samples.size() < 8) return Interval{ordered.front(), ordered.back()};
  const auto n = static_cast<double>(ordered.size());
  const double half_width = 1.96 * std::sqrt(n) / 2 * std::sqrt(n / std::min(n_effective, n));
  const auto low = static_cast<std::size_t>(std::max(0.0, std::floor(n / 2 - half_width)));
  return Interval{ordered[low], ordered[ordered.size() - 1 - low]};
}

}  // namespace gpubench
