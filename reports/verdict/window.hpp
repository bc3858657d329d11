#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "reports/verdict/series.hpp"

namespace gpubench {

/// The nights of a series that another is judged against, as one number each. Points into the series: not to outlive
/// it.
struct Window {
  std::vector<std::string_view> nights{};  ///< accepted ones, oldest first
  std::vector<double> values{};  ///< percent; older levels are moved, so that their median is the newest level's
  std::vector<bool> cleared{};  ///< just before this night a suspicion was looked into, and the code was found the same
  bool cleared_tonight = false;  ///< the same, just before tonight
  std::size_t of_level = 0;      ///< the newest so many are of the level of tonight; the others lend their spread only

  std::size_t size() const { return values.size(); }
  std::span<const double> level_values() const { return std::span(values).last(of_level); }
};

/// At most the newest `most` nights. Nights of a level above `level` are not looked at.
Window window_of(const Series& series, int level, std::size_t most);

/// How far launches of one night lie apart, over the newest `most` nights of any standing but `invalid`: sqrt(R /
/// ) RMS(launch - median of the night), clipped at 6 percent. 0 where no night has two launches.
double launch_spread(const Series& series, std::size_t most);

}  // namespace gpubench
