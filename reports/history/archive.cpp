#include "reports/history/archive.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/core/error.hpp"
#include "harness/environment/sha256.hpp"
#include "reports/compare/case_key.hpp"
#include "reports/compare/run_folder.hpp"
#include "reports/finite_numbers.hpp"
#include "reports/history/series_key.hpp"
#include "reports/json.hpp"
#include "reports/measurement_json.hpp"
#include "reports/run_file.hpp"

namespace gpubench {
namespace {

constexpr std::array<std::pair<Standing, std::string_view>, 5> standings{{{Standing::accepted, "accepted"},
                                                                          {Standing::suspect, "suspect"},
                                                                          {Standing::faster, "faster"},
                                                                          {Standing::environment, "environment"},
                                                                          {Standing::invalid, "invalid"}}};

std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::optional<double> reading(const CaseResult& row, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (const auto found = row.telemetry.find(name); found != row.telemetry.end() && std::isfinite(found->second))
      return found->second;
  return std::nullopt;
}

std::optional<double> sum_of_readings(const CaseResult& row, std::initializer_list<const char*> names) {
  std::optional<double> sum;
  for (const char* name : names)
    if (const auto share = reading(row, {name})) sum = sum.value_or(0) + *share;
  return sum;
}

Readings readings_of(const CaseResult& row) {
  return {.sm_clock_hz = reading(row, {"sm_clock_hz", "sm_clock_polled_hz"}),
          .watts = reading(row, {"watts", "watts_average_1s", "watts_instant"}),
          .celsius = reading(row, {"celsius_max"}),
          .power_cap_share = reading(row, {"power_cap_share"}),
          .slowdown_share = sum_of_readings(row,
                                            {"hardware_thermal_share",
                                             "software_thermal_share",
                                             "power_brake_share",
                                             "slowdown_share"})};  // the last: of a run file that came out of a history
}

/// A row of the series as one that did not run: nothing measured is in it.
std::string common_row(CaseResult row) {
  row.status = Status::not_run;
  row.reason.clear();
  row.finding.reset();
  row.labels.clear();
  row.telemetry.clear();
  row.plan.clear();
  row.verification.reset();
  row.parity.reset();
  row.peak_memory_bytes.reset();
  return text_of(to_json(row));
}

std::string detail_of(const CaseResult& row) {
  FiniteNumbers finite;
  Json detail = Json::object();
  if (row.status == Status::ok) {
    detail["seconds"] = row.median_seconds;
    if (row.spread) detail["spread"] = *row.spread;
    detail["cpu_seconds"] = finite("cpu_seconds", row.cpu_seconds);
    detail["samples"] = row.samples_taken;
    detail["runs"] = row.runs_per_sample;
    if (row.peak_memory_bytes) detail["peak_memory_bytes"] = *row.peak_memory_bytes;
  }
  if (row.verification) detail["verification"] = to_json(*row.verification, finite);
  if (!row.labels.empty()) detail["labels"] = row.labels;
  return text_of(detail);
}

/// The figure that a row is judged by, as compare takes it.
std::string figure_key(const CaseResult& row) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : row.figures) keys.push_back(key);
  const std::string_view key = key_of_figure(row.figure, keys);
  return std::string(key.empty() ? seconds_figure : key);
}

double value_of(const CaseResult& row) {
  const auto found = std::ranges::find(row.figures, figure_key(row), &std::pair<std::string, double>::first);
  return found == row.figures.end() ? row.median_seconds : found->second;
}

/// Of the same run: whether one file says more of it than another.
bool is_more(const KeptRun& run, const KeptRun& than) {
  return run.complete != than.complete ? run.complete : !run.complete && run.launches.size() > than.launches.size();
}

class Adder {
 public:
  explicit Adder(Archive& archive) : archive_(archive) {
    for (std::size_t i = 0; i < archive.series.size(); ++i) series_.emplace(archive.series[i].key, i);
    for (std::size_t i = 0; i < archive.conditions.size(); ++i) conditions_.emplace(archive.conditions[i], i);
    for (std::size_t i = 0; i < archive.runs.size(); ++i) runs_.emplace(archive.runs[i].identity, i);
  }

  bool add(const Run& run, const std::string& source) {
    try {
      (void)seconds_of(run.context.start);
      return add_checked(run, source);
    } catch (const UsageError& error) {
      throw UsageError(fmt::format("{}: {}", source, error.what()));
    }
  }

  bool add_checked(const Run& run, const std::string& source) {
    check(run);
    KeptRun kept{.identity = identity_of(run.context),
                 .node = run.context.host.name,
                 .start = run.context.start,
                 .complete = run.complete,
                 .digest = run.context.digest,
                 .source = source,
                 .context = text_of(to_json(run.context))};
    for (const CaseResult& row : run.results) kept.launches.push_back(launch_of(run.context, row));
    return put(std::move(kept));
  }

  void merge(const Archive& more) {
    for (const KeptRun& run : more.runs) put(translated(run, more));
    archive_.broken.insert(archive_.broken.end(), more.broken.begin(), more.broken.end());
  }

 private:
  bool put(KeptRun&& kept) {
    const auto known = runs_.find(kept.identity);
    if (known == runs_.end()) {
      runs_.emplace(kept.identity, archive_.runs.size());
      archive_.runs.push_back(std::move(kept));
      return true;
    }
    KeptRun& there = archive_.runs[known->second];
    there.night = there.night || kept.night;
    if (!is_more(kept, there)) return false;
    kept.night = there.night;
    kept.judgements = std::move(there.judgements);
    there = std::move(kept);
    return true;
  }

  /// Before anything of it is kept: a file that is refused leaves no trace.
  void check(const Run& run) const {
    std::map<SeriesKey, std::string> figures;
    std::set<std::tuple<SeriesKey, int>> launches;
    for (const CaseResult& row : run.results) {
      const SeriesKey key = series_key(run.context, row);
      if (!launches.emplace(key, row.launch).second)
        throw UsageError(fmt::format("{}: launch {} on {} is there twice", row.run_name, row.launch, row.device));
      if (row.status != Status::ok) continue;
      const double value = value_of(row);
      if (!(value > 0) || !std::isfinite(value))
        throw UsageError(fmt::format("{}: an ok row needs a figure above 0, it has {}", row.name, value));
      const auto known = series_.find(key);
      if (known != series_.end()) figures.try_emplace(key, archive_.series[known->second].figure);
      const std::string told = figure_key(row);
      std::string& kept = figures[key];
      if (kept.empty()) kept = told;
      if (kept != told) throw UsageError(figure_changed(key, kept, told));
    }
  }

  /// A run of another archive, with this one's numbers of series and conditions.
  KeptRun translated(KeptRun run, const Archive& of) {
    for (KeptLaunch& launch : run.launches) {
      const KeptSeries& series = of.series[launch.series];
      const auto [at, is_new] = series_.try_emplace(series.key, archive_.series.size());
      if (is_new) archive_.series.push_back(series);
      KeptSeries& there = archive_.series[at->second];
      if (there.figure.empty() && !series.figure.empty()) there = series;
      if (!series.figure.empty() && there.figure != series.figure)
        throw UsageError(fmt::format("{}: {}", run.source, figure_changed(series.key, there.figure, series.figure)));
      launch.series = at->second;
      launch.conditions = number_of(of.conditions[launch.conditions]);
    }
    run.judgements.clear();  // of series with other numbers; run files have none
    return run;
  }

  KeptLaunch launch_of(const Context& context, const CaseResult& row) {
    KeptLaunch launch{.series = series_of(context, row),
                      .conditions = number_of(conditions_of(context, row)),
                      .number = row.launch,
                      .device = row.device,
                      .status = row.status,
                      .reason = row.reason,
                      .finding = row.finding,
                      .readings = readings_of(row),
                      .detail = detail_of(row)};
    if (row.status == Status::ok) launch.value = value_of(row);
    return launch;
  }

  std::size_t series_of(const Context& context, const CaseResult& row) {
    const auto [at, is_new] = series_.try_emplace(series_key(context, row), archive_.series.size());
    if (is_new) archive_.series.push_back({.key = at->first});
    KeptSeries& series = archive_.series[at->second];
    // A row that did not run has no figure; the first that ran tells.
    if (series.row.empty() || (series.figure.empty() && row.status == Status::ok)) series.row = common_row(row);
    if (row.status == Status::ok) series.figure = figure_key(row);
    return at->second;
  }

  std::size_t number_of(const Conditions& conditions) {
    const auto [at, is_new] = conditions_.try_emplace(conditions, archive_.conditions.size());
    if (is_new) archive_.conditions.push_back(conditions);
    return at->second;
  }

  Archive& archive_;
  std::map<SeriesKey, std::size_t> series_;
  std::map<Conditions, std::size_t> conditions_;
  std::map<std::string, std::size_t> runs_;
};

void add_path(Adder& adder, Archive& archive, const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) {
    adder.add(read_run(path), path.string());
    return;
  }
  for (const auto& file : run_files_in(path)) {
    try {
      adder.add(read_run(file), file.string());
    } catch (const UsageError& error) {
      archive.broken.emplace_back(error.what());
    }
  }
}

}  // namespace

std::string identity_of(const Context& context) {
  std::vector<std::string> devices;
  for (const DeviceInfo& device : context.devices) devices.push_back(device.id + " " + device.uuid);
  return sha256(fmt::format("{}\n{}\n{}\n{}\n{}\n{}",
                            context.host.name,
                            context.start,
                            context.seed,
                            context.digest,
                            fmt::join(context.command_line, "\x1f"),
                            fmt::join(devices, "\x1f")));
}

std::string figure_changed(const SeriesKey& key, const std::string& kept, const std::string& told) {
  return fmt::format(
      "{}: its figure changed from {} to {}, its method {} did not: values of one cannot be judged against the other; "
      "the method's number must be raised, or a new history begun",
      key.case_name,
      kept,
      told,
      key.method);
}

void merge(Archive& archive, const Archive& more) { Adder(archive).merge(more); }

bool add(Archive& archive, const Run& run, const std::string& source) { return Adder(archive).add(run, source); }

Archive archive_of(const std::vector<std::string>& paths) {
  Archive archive;
  Adder adder(archive);
  for (const std::string& path : paths) add_path(adder, archive, path);
  if (archive.runs.empty() && !archive.broken.empty())
    throw UsageError(
        fmt::format("none of {} files is a run file; the first: {}", archive.broken.size(), archive.broken.front()));
  return archive;
}

Archive archive_of(const std::filesystem::path& path) { return archive_of(std::vector{path.string()}); }

long seconds_of(const std::string& utc) {
  std::tm time{};
  const char* end = strptime(utc.c_str(), "%Y-%m-%dT%H:%M:%SZ", &time);
  if (end == nullptr || *end != '\0')
    throw UsageError(fmt::format("start \"{}\": expected a time like 2026-11-20T19:30:00Z", utc));
  return timegm(&time);
}

std::string_view name(Standing standing) {
  return std::ranges::find(standings, standing, &std::pair<Standing, std::string_view>::first)->second;
}

Standing standing_named(std::string_view name) {
  const auto found = std::ranges::find(standings, name, &std::pair<Standing, std::string_view>::second);
  if (found == standings.end()) throw UsageError(fmt::format("a night stands as {}, which nobody knows", name));
  return found->first;
}

Status status_named(std::string_view text) {
  for (const Status status : all_statuses)
    if (name(status) == text) return status;
  throw UsageError(fmt::format("a launch has the status {}, which nobody knows", text));
}

}  // namespace gpubench
