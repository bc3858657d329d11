#include "reports/verdict/common_mode.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>

#include <fmt/format.h>

#include "reports/verdict/robust.hpp"

namespace gpubench {

bool is_sentinel(std::string_view case_name) {
  static constexpr std::array<std::string_view, 3> compute_bound = {"gemm", "conv", "train"};
  return std::ranges::count(compute_bound, case_name.substr(0, case_name.find('/'))) > 0;
}

std::optional<double> CommonMode::at(std::string_view night) const {
  const auto found = std::ranges::lower_bound(nights, night);
  if (found == nights.end() || *found != night) return std::nullopt;
  return values[static_cast<std::size_t>(found - nights.begin())];
}

CommonMode common_mode(std::span<const Sentinel> sentinels, const Rules& rules) {
  CommonMode common;
  const auto least = static_cast<std::size_t>(rules.least_sentinels);
  if (sentinels.size() < least) {
    common.why_not =
        fmt::format("{} compute-bound cases with a history, {} are needed", sentinels.size(), rules.least_sentinels);
    return common;
  }
  common.known = true;
  std::map<std::string_view, std::vector<double>> by_night;
  std::vector<double> tonight;
  for (const Sentinel& sentinel : sentinels) {
    tonight.push_back(sentinel.tonight - sentinel.level);
    for (std::size_t i = 0; i < sentinel.window->size(); ++i)
      by_night[sentinel.window->nights[i]].push_back(sentinel.window->values[i] - sentinel.level);
  }
  common.tonight = median_in_place(tonight);
  for (auto& [night, residuals] : by_night) {
    if (residuals.size() < least) continue;
    common.nights.push_back(night);
    common.values.push_back(median_in_place(residuals));
  }
  return common;
}

double common_slope(std::span<const double> residuals, std::span<const double> common, const Rules& rules) {
  if (residuals.empty()) return 0;
  std::vector<double> scratch;
  const double limit = rules.common_clip_deviations * deviation_around(residuals, 0, scratch);
  double mean = 0, squares = 0, products = 0;
  for (const double g : common) mean += g / static_cast<double>(common.size());
  for (std::size_t i = 0; i < common.size(); ++i) {
    const double g = common[i] - mean;
    squares += g * g;
    products += g * std::clamp(residuals[i], -limit, limit);
  }
  const double shrinkage = rules.common_shrinkage * squares;
  if (squares <= 0) return 0;  // it never moved: nothing to follow
  return std::clamp((products + shrinkage / 2) / (squares + shrinkage), 0.0, rules.common_most_slope);
}

}  // namespace gpubench
