#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run.hpp"
#include "reports/verdict/series.hpp"

namespace gpubench {

// What is known of past nights, in memory: read from run files or from a history file, the same either way. Values of
// launches, never means of them.

/// What a search for a culprit wants of the device during a launch. Nothing: not told.
struct Readings {
  std::optional<double> sm_clock_hz{}, watts{}, celsius{};
  std::optional<double> power_cap_share{};  ///< of the window that the power cap held the clock down
  std::optional<double> slowdown_share{};   ///< of the window that heat or the power brake did
};

/// Figure of a case that is kept by the seconds of one run.
inline constexpr std::string_view seconds_figure = "seconds";

/// A series and what all its rows have in common.
struct KeptSeries {
  SeriesKey key{};
  std::string figure{};  ///< key of the figure that is kept, `flops_per_second` or `seconds`; empty: no value yet
  std::string row{};     ///< a row of it without what was measured, JSON; read from a history only on demand
};

/// One launch of a case on a device, or why there is none.
struct KeptLaunch {
  std::size_t series = 0;      ///< in Archive::series
  std::size_t conditions = 0;  ///< in Archive::conditions
  int number = 0;              ///< of the launch in its run
  std::string device{};        ///< what the device was called that night: `cuda:0`
  Status status = Status::not_run;
  std::string reason{};
  std::optional<Finding> finding{};
  std::optional<double> value{};  ///< of the figure, per second or in seconds; when status is ok
  Readings readings{};
  std::string detail{};  ///< JSON: seconds, spread, samples, verification, labels; read on demand
};

/// What was made of a series on a night.
struct KeptJudgement {
  Standing standing = Standing::accepted;
  Verdict verdict = Verdict::ok;
};

struct KeptRun {
  std::string identity{};  ///< tells the same run file again, whatever it is called
  std::string node{};
  std::string start{};  ///< UTC: `2026-11-20T19:30:00Z`
  bool complete = true;
  std::string digest{};
  std::string source{};   ///< the file that it came from
  std::string context{};  ///< the run file's, JSON
  bool night = true;      ///< false: launches of a pinned build only
  std::vector<KeptLaunch> launches{};
  std::map<std::size_t, KeptJudgement> judgements{};  ///< by series; accepted and ok where none is told
};

/// A night from this start on has another level than those before it.
struct KeptLevel {
  std::string start{}, reason{};
};

struct Archive {
  std::vector<KeptSeries> series{};
  std::vector<Conditions> conditions{};
  std::vector<KeptRun> runs{};
  std::map<std::size_t, std::vector<KeptLevel>> levels{};  ///< by series, in time
  std::vector<std::string> broken{};                       ///< files that were skipped, a sentence each
};

/// SHA-256 of what makes a run this run: host, start, seed, digest, command line, devices.
std::string identity_of(const Context& context);

/// Why rows of a series cannot be kept by another figure: its values would be told as something else.
std::string figure_changed(const SeriesKey& key, const std::string& kept, const std::string& told);

/// Adds what a run file says. Of the same run a file that is complete, or a journal with more rows, takes the place of
/// a journal. @returns false, and changes no launch, when the archive has as much of that run; it is a night if either
/// is. @throws UsageError, and adds nothing: a row that is ok without a figure above 0, that is there twice, or whose
/// series is kept by another figure
bool add(Archive& archive, const Run& run, const std::string& source);

/// Adds the runs of another archive that this one does not have, or has in part only, and its broken files.
/// @throws UsageError as add()
void merge(Archive& archive, const Archive& more);

/// A run file or journal, or all of a folder and the folders below it. In a folder one that is broken is named
/// (Archive::broken) and skipped. @throws UsageError when the only file is broken, or a folder has none
Archive archive_of(const std::filesystem::path& path);
Archive archive_of(const std::vector<std::string>& paths);

/// `2026-11-20T19:30:00Z` as seconds since 1970. @throws UsageError for any other text
long seconds_of(const std::string& utc);

std::string_view name(Standing standing);
/// @throws UsageError
Standing standing_named(std::string_view name);
Status status_named(std::string_view name);

}  // namespace gpubench
