#include "reports/verdict/window.hpp"

#include <algorithm>
#include <cmath>

#include "reports/verdict/robust.hpp"

namespace gpubench {
namespace {

/// Nights from `begin` to `end` are of one level: their median becomes `middle`.
void move_to(Window& window, std::size_t begin, std::size_t end, double middle) {
  std::vector<double> scratch(window.values.begin() + static_cast<std::ptrdiff_t>(begin),
                              window.values.begin() + static_cast<std::ptrdiff_t>(end));
  const double by = middle - median_in_place(scratch);
  for (std::size_t i = begin; i < end; ++i) window.values[i] += by;
}

bool was_cleared(const SeriesNight& night) { return night.verdict == Verdict::environment; }

}  // namespace

Window window_of(const Series& series, int level, std::size_t most) {
  std::vector<const SeriesNight*> chosen;
  Window window;
  std::vector<bool> cleared;
  bool later_cleared = false;  // of a night between the one at hand and the next accepted one
  for (auto night = series.past.rbegin(); night != series.past.rend() && chosen.size() < most; ++night) {
    if (was_cleared(*night)) later_cleared = true;
    if (night->standing != Standing::accepted || night->level > level || night->launches.empty()) continue;
    if (chosen.empty())
      window.cleared_tonight = later_cleared;
    else
      cleared.back() = later_cleared;
    later_cleared = false;
    chosen.push_back(&*night);
    cleared.push_back(false);
  }
  window.cleared.assign(cleared.rbegin(), cleared.rend());
  std::ranges::reverse(chosen);
  for (const SeriesNight* night : chosen) {
    window.nights.push_back(night->night);
    window.values.push_back(night_value(night->launches));
    window.of_level += night->level == level ? 1 : 0;
  }
  if (window.of_level == window.size()) return window;
  double middle = 0;
  if (window.of_level > 0) {
    std::vector<double> scratch(window.level_values().begin(), window.level_values().end());
    middle = median_in_place(scratch);
  }
  for (std::size_t begin = 0, end = 0; begin < window.size() - window.of_level; begin = end) {
    while (end < chosen.size() && chosen[end]->level == chosen[begin]->level) ++end;
    move_to(window, begin, end, middle);
  }
  return window;
}

double launch_spread(const Series& series, std::size_t most) {
  constexpr double clip = 6;
  double squares = 0, values = 0;
  std::size_t nights = 0;
  std::vector<double> scratch;
  for (auto night = series.past.rbegin(); night != series.past.rend() && nights < most; ++night) {
    if (night->standing == Standing::invalid || night->launches.size() < 2) continue;
    ++nights;
    scratch.assign(night->launches.begin(), night->launches.end());
    const double middle = median_in_place(scratch);
    const auto launches = static_cast<double>(night->launches.size());
    for (const double launch : night->launches)
      squares += std::pow(std::clamp(launch - middle, -clip, clip), 2) * launches / (launches - 1);
    values += launches;
  }
  return values > 0 ? std::sqrt(squares / values) : 0;
}

}  // namespace gpubench
