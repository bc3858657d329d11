#include "reports/history/nights.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "reports/compare/case_key.hpp"

namespace gpubench {
namespace {

/// `2026-11-20T19:30:00Z` -> `20261120T193000Z`
std::string compact(std::string utc) {
  std::erase(utc, '-');
  std::erase(utc, ':');
  return utc;
}

bool higher_is_better(const KeptSeries& series) { return unit_of_key(series.figure).higher_is_better; }

void join(Conditions& night, const Conditions& launch) {
  for (const auto& [what, value] : launch) {
    std::string& told = night[what];
    if (told.empty())
      told = value;
    else if (told != value && (" | " + told + " | ").find(" | " + value + " | ") == std::string::npos)
      told += " | " + value;
  }
}

/// Joins a night's run to the series that it has launches of.
void add_run(std::vector<Series>& all,
             const Archive& archive,
             const Night& night,
             const KeptRun& run,
             const LaunchFilter& launches) {
  for (const KeptLaunch& launch : run.launches) {
    if (!launch.value || !launches(launch)) continue;
    auto& past = all[launch.series].past;
    if (past.empty() || past.back().night != night.name)
      past.push_back(
          {.night = night.name, .level = level_at(archive, launch.series, archive.runs[night.runs.front()].start)});
    SeriesNight& tonight = past.back();
    tonight.launches.push_back(log_percent_of(archive.series[launch.series], *launch.value));
    join(tonight.conditions, archive.conditions[launch.conditions]);
    if (const auto told = run.judgements.find(launch.series); told != run.judgements.end()) {
      tonight.standing = told->second.standing;
      tonight.verdict = told->second.verdict;
    }
  }
}

}  // namespace

int level_at(const Archive& archive, std::size_t series, const std::string& start) {
  const auto levels = archive.levels.find(series);
  if (levels == archive.levels.end()) return 0;
  return static_cast<int>(
      std::ranges::count_if(levels->second, [&](const KeptLevel& level) { return level.start <= start; }));
}

std::vector<Night> nights_of(const Archive& archive, const RunFilter& counts) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < archive.runs.size(); ++i)
    if (archive.runs[i].night && counts(archive.runs[i])) order.push_back(i);
  std::ranges::sort(order, {}, [&](std::size_t i) {
    const KeptRun& run = archive.runs[i];
    return std::tie(run.node, run.start, run.identity);
  });
  std::vector<Night> nights;
  long first = 0;
  for (const std::size_t i : order) {
    const KeptRun& run = archive.runs[i];
    const long start = seconds_of(run.start);
    if (nights.empty() || nights.back().node != run.node || start - first >= night_seconds) {
      nights.push_back({.name = compact(run.start), .node = run.node});
      first = start;
    }
    nights.back().runs.push_back(i);
  }
  return nights;
}

double log_percent_of(const KeptSeries& series, double value) {
  return (higher_is_better(series) ? -100 : 100) * std::log(value);
}

double value_of_log_percent(const KeptSeries& series, double log_percent) {
  return std::exp((higher_is_better(series) ? -0.01 : 0.01) * log_percent);
}

std::vector<Series> series_of(const Archive& archive, const RunFilter& counts, const LaunchFilter& launches) {
  std::vector<Series> all;
  for (const KeptSeries& series : archive.series) all.push_back({.key = series.key});
  for (const Night& night : nights_of(archive, counts))
    for (const std::size_t run : night.runs) add_run(all, archive, night, archive.runs[run], launches);
  return all;
}

}  // namespace gpubench
