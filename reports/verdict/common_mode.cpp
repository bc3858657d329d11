#include "reports/verdict/common_mode.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>

#include <fmt/format.h>

#include "reports/verdict/robust.hpp"

namespace gpubench {
namespace {

double without(const std::vector<double>& sorted, double own) {
  const auto found = std::ranges::lower_bound(sorted, own);
  const bool there = found != sorted.end() && *found == own;
  return median_without(sorted, there ? static_cast<std::size_t>(found - sorted.begin()) : sorted.size());
}

}  // namespace

bool is_sentinel(std::string_view case_name) {
  static constexpr std::array<std::string_view, 3> compute_bound = {"gemm", "conv", "train"};
  return std::ranges::count(compute_bound, case_name.substr(0, case_name.find('/'))) > 0;
}

std::optional<double> CommonMode::at(std::string_view night, std::optional<double> own) const {
  const auto found = std::ranges::lower_bound(nights, night);
  if (found == nights.end() || *found != night) return std::nullopt;
  const auto index = static_cast<std::size_t>(found - nights.begin());
  return own ? without(residuals[index], *own) : values[index];
}

double CommonMode::tonight_without(std::optional<double> own) const {
  return own ? without(residuals_tonight, *own) : tonight;
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
  for (const Sentinel& sentinel : sentinels) {
    common.residuals_tonight.push_back(sentinel.tonight - sentinel.level);
    for (std::size_t i = 0; i < sentinel.window->size(); ++i)
      by_night[sentinel.window->nights[i]].push_back(sentinel.window->values[i] - sentinel.level);
  }
  std::ranges::sort(common.residuals_tonight);
  common.tonight = median_without(common.residuals_tonight, common.residuals_tonight.size());
  for (auto& [night, residuals] : by_night) {
    if (residuals.size() < least) continue;
    common.nights.push_back(night);
    std::ranges::sort(residuals);
    common.values.push_back(median_without(residuals, residuals.size()));
    common.residuals.push_back(std::move(residuals));
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
