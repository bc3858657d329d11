#include "reports/verdict/node_shift.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

#include <fmt/format.h>

#include "harness/measure/statistics.hpp"
#include "reports/verdict/robust.hpp"

namespace gpubench {
namespace {

NodeShift shift(double percent, double unit, const Rules& rules) {
  NodeShift told{.known = true, .percent = percent, .z = percent / unit};
  told.slower = told.z > rules.node_z && told.percent > rules.node_percent;
  return told;
}

}  // namespace

NodeShift pinned_shift(std::span<const double> tonight,
                       const PinnedLaunches& pinned,
                       const Screened& screened,
                       const Rules& rules) {
  if (tonight.empty() || pinned.launches.empty()) return {};
  const double percent = median(tonight) - median(pinned.launches) - screened.common;
  return shift(percent, screened.spread * std::numbers::sqrt2, rules);
}

NodeShift own_shift(std::span<const double> tonight,
                    int launches_of_night,
                    const Screened& screened,
                    const Rules& rules) {
  if (tonight.empty() || screened.answer == Screened::Answer::no_history) return {};
  const std::size_t together = std::min(tonight.size(), static_cast<std::size_t>(std::max(1, launches_of_night)));
  std::vector<double> values;
  for (std::size_t first = 0; first + together <= tonight.size(); first += together)
    values.push_back(night_value(tonight.subspan(first, together)));
  return shift(median_in_place(values) - screened.level, screened.spread * level_factor(screened.nights), rules);
}

int fast_launches(std::span<const double> tonight, double percent, const Screened& screened, const Rules& rules) {
  const double limit = screened.level + rules.fast_share * percent;
  return static_cast<int>(std::ranges::count_if(tonight, [&](double launch) { return launch <= limit; }));
}

int launches_as_slow(std::span<const double> tonight, const Series& series, int level, const Rules& rules) {
  if (tonight.empty()) return 0;
  const double slow = median(tonight);
  std::ptrdiff_t count = 0;
  int nights = 0;
  for (auto night = series.past.rbegin(); night != series.past.rend() && nights < rules.seen_nights;
       ++night, ++nights) {
    const bool settled = night->standing == Standing::accepted || night->standing == Standing::environment;
    if (settled && night->level == level)
      count += std::ranges::count_if(night->launches, [&](double launch) { return launch >= slow; });
  }
  return static_cast<int>(count);
}

std::string changed_conditions(const Conditions& before, const Conditions& now) {
  std::string told;
  for (const auto& [name, was] : before) {
    const auto is = now.find(name);
    if (is == now.end() || is->second == was) continue;
    told += fmt::format("{}{} {} -> {}", told.empty() ? "" : ", ", name, was, is->second);
  }
  return told;
}

}  // namespace gpubench
