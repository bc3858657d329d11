#include "reports/verdict/ramp.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "reports/verdict/robust.hpp"

namespace gpubench {

Cusum cusum(const Window& window, double tonight, const Rules& rules) {
  const std::size_t nights = window.of_level, longest = static_cast<std::size_t>(rules.window_nights);
  Cusum told{.frozen_from = window.size()};
  const std::size_t older = std::max(nights / 2, nights > longest ? nights - longest : 0);
  if (older < static_cast<std::size_t>(rules.least_nights)) return told;
  const auto values = window.level_values();
  const std::size_t first = window.size() - nights;
  std::vector<double> level(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(older)), scratch;
  const double middle = median_in_place(level);
  const double deviation = deviation_around(level, middle, scratch);
  for (double& value : level) value -= middle;
  const double spread =
      std::max(rules.least_spread, rules.spread_bias * clipped_rms(level, rules.clip_deviations * deviation));
  const double unit = spread * std::sqrt(1 + std::numbers::pi / 2 / static_cast<double>(older));

  const auto add = [&](double value, bool cleared, std::size_t night) {
    if (cleared) told.sum = 0, told.frozen_from = window.size();
    const double z = std::clamp((value - middle) / unit, -rules.cusum_clip, rules.cusum_clip);
    told.sum = std::max(0.0, told.sum + z - rules.cusum_slack);
    if (told.sum <= rules.cusum_freeze)
      told.frozen_from = window.size();
    else
      told.frozen_from = std::min(told.frozen_from, night);
  };
  for (std::size_t i = older; i < nights; ++i) add(values[i], window.cleared[first + i], first + i);
  add(tonight, window.cleared_tonight, window.size());
  told.suspect = told.sum > rules.cusum_limit;
  return told;
}

std::optional<double> drift(const Window& window, double tonight, double spread, const Rules& rules) {
  const auto recent = static_cast<std::size_t>(rules.drift_recent), old = static_cast<std::size_t>(rules.drift_old),
             apart = static_cast<std::size_t>(rules.drift_apart);
  const auto values = window.level_values();
  const std::size_t nights = values.size();
  if (nights + 1 < apart + old || window.cleared_tonight) return std::nullopt;
  for (std::size_t i = window.size() + 1 - recent; i < window.size(); ++i) {
    if (window.cleared[i]) return std::nullopt;  // it has been looked into
  }
  std::vector<double> week(values.end() - static_cast<std::ptrdiff_t>(recent - 1), values.end());
  week.push_back(tonight);
  const auto end_of_old = values.end() - static_cast<std::ptrdiff_t>(apart - 1);
  std::vector<double> before(end_of_old - static_cast<std::ptrdiff_t>(old), end_of_old);
  const double moved = median_in_place(week) - median_in_place(before);
  const double chance = rules.drift_deviations * 1.25 * spread *
                        std::sqrt(1 / static_cast<double>(recent) + 1 / static_cast<double>(old));
  if (moved <= rules.drift_percent || moved <= chance) return std::nullopt;
  return moved;
}

}  // namespace gpubench
