#pragma once

#include <functional>
#include <string>
#include <vector>

#include "reports/history/archive.hpp"
#include "reports/verdict/series.hpp"

namespace gpubench {

/// Launches that belong together.
struct Night {
  std::string name{};  ///< UTC start of its first run, `20261120T193000Z`: sorts by time
  std::string node{};
  std::vector<std::size_t> runs{};  ///< in Archive::runs, by start
};

/// Which runs count.
using RunFilter = std::function<bool(const KeptRun&)>;
inline bool every_run(const KeptRun&) { return true; }

/// Which launches count, of those that have a value.
using LaunchFilter = std::function<bool(const KeptLaunch&)>;
inline bool every_launch(const KeptLaunch&) { return true; }

/// How many levels of a series had been accepted by then.
int level_at(const Archive& archive, std::size_t series, const std::string& start);

inline constexpr long night_seconds = 12L * 3600;

/// A night is the runs of one node that started less than 12 hours after its first one, however many launches each has.
/// It follows from the runs' times alone, so that the order in which files were added does not matter; a run that is
/// added later and lies before a night's first gives that night its name. Launches of a pinned build make none.
/// @returns by node, then by time
std::vector<Night> nights_of(const Archive& archive, const RunFilter& counts = every_run);

/// What the verdict is made from: 100 ln(seconds), or -100 ln(rate), so that slower is larger and a difference of 1 is
/// about a percent.
double log_percent_of(const KeptSeries& series, double value);
/// The same back.
double value_of_log_percent(const KeptSeries& series, double log_percent);

/// Element i is Archive::series[i] with every night in which it has a launch that is ok, oldest first. A night's level
/// counts the levels that were accepted up to its start. Launches of one night under different conditions: the night
/// has both (`570.86.15 | 580.65.06`).
std::vector<Series> series_of(const Archive& archive,
                              const RunFilter& counts = every_run,
                              const LaunchFilter& launches = every_launch);

}  // namespace gpubench
