#include "reports/verdict/robust.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "harness/measure/statistics.hpp"

namespace gpubench {

double log_percent(double seconds) { return 100 * std::log(seconds); }

double log_percent_of_rate(double rate) { return -log_percent(rate); }

double night_value(std::span<const double> launches) {
  if (launches.size() == 1) return launches[0];
  if (launches.size() == 2)
    return std::lerp(std::min(launches[0], launches[1]), std::max(launches[0], launches[1]), 0.25);
  return quantile(launches, 0.25);
}

double median_in_place(std::span<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return std::midpoint(*std::max_element(values.begin(), middle), *middle);
}

double median_without(std::span<const double> sorted, std::size_t left_out) {
  const std::size_t count = sorted.size() - (left_out < sorted.size() ? 1 : 0);
  const auto at = [&](std::size_t i) { return sorted[i < left_out ? i : i + 1]; };
  return count % 2 == 1 ? at(count / 2) : std::midpoint(at(count / 2 - 1), at(count / 2));
}

double deviation_around(std::span<const double> values, double middle, std::vector<double>& scratch) {
  scratch.clear();
  for (const double value : values) scratch.push_back(std::abs(value - middle));
  return 1.4826 * median_in_place(scratch);
}

double clipped_rms(std::span<const double> values, double limit) {
  if (values.empty()) return 0;
  double squares = 0;
  for (const double value : values) {
    const double clipped = std::clamp(value, -limit, limit);
    squares += clipped * clipped;
  }
  return std::sqrt(squares / static_cast<double>(values.size()));
}

}  // namespace gpubench
