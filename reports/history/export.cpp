#include "reports/history/export.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "reports/history/nights.hpp"
#include "reports/json.hpp"
#include "reports/measurement_json.hpp"
#include "reports/object_reader.hpp"

namespace gpubench {
namespace {

Json parsed(const std::string& text, const std::string& what) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) throw UsageError(fmt::format("the history is damaged: {} is no JSON", what));
  return json;
}

void put_reading(CaseResult& row, const char* name, const std::optional<double>& value) {
  if (value) row.telemetry[name] = *value;
}

/// What was measured, put into the row that all of its series have in common.
void put_measured(CaseResult& row, const KeptSeries& series, const KeptLaunch& launch) {
  const Json json = parsed(launch.detail, "what a launch says beside its value");
  const ObjectReader detail(json, "detail");
  row.labels = detail.has("labels") ? detail.texts("labels") : std::vector<std::string>{};
  if (detail.has("verification")) row.verification = verification_from_json(detail.object("verification"));
  if (launch.status != Status::ok) return;
  row.median_seconds = detail.number("seconds");
  row.samples_seconds = {row.median_seconds};
  row.samples_taken = 1;
  row.runs_per_sample = detail.small_integer("runs");
  row.spread = detail.number_if_any("spread");
  row.cpu_seconds = detail.number_if_any("cpu_seconds").value_or(0);
  row.peak_memory_bytes = detail.number_if_any("peak_memory_bytes");
  if (series.figure != seconds_figure) row.figures = {{series.figure, *launch.value}};
  row.labels.push_back(fmt::format("from a history: of {} samples their median is kept", detail.integer("samples")));
}

/// What a row must know of the others of its run.
struct RunShape {
  int launches = 1;
  std::map<std::string, std::set<std::string>> devices{};  ///< by case name
};

RunShape shape_of(const Archive& archive, const KeptRun& run) {
  RunShape shape;
  for (const KeptLaunch& launch : run.launches) {
    shape.launches = std::max(shape.launches, launch.number + 1);
    shape.devices[archive.series[launch.series].key.case_name].insert(launch.device);
  }
  return shape;
}

CaseResult row_of(const Archive& archive, const RunShape& shape, const KeptLaunch& launch) {
  const KeptSeries& series = archive.series[launch.series];
  CaseResult row = row_from_json(parsed(series.row, "a row"), "row");
  row.device = launch.device;
  const bool alone = shape.devices.at(series.key.case_name).size() < 2;
  row.name = alone ? row.run_name : row.run_name + "@" + row.device;
  row.launch = launch.number;
  row.launches = shape.launches;
  row.status = launch.status;
  row.reason = launch.reason;
  row.finding = launch.finding;
  for (const auto& [what, value] : archive.conditions[launch.conditions])
    if (what.starts_with("plan ")) row.plan[what.substr(5)] = value;
  put_reading(row, "sm_clock_hz", launch.readings.sm_clock_hz);
  put_reading(row, "watts", launch.readings.watts);
  put_reading(row, "celsius_max", launch.readings.celsius);
  put_reading(row, "power_cap_share", launch.readings.power_cap_share);
  put_reading(row, "slowdown_share", launch.readings.slowdown_share);
  put_measured(row, series, launch);
  return row;
}

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json line_of(const Archive& archive, const std::string& night, const KeptRun& run, const KeptLaunch& launch) {
  const KeptSeries& series = archive.series[launch.series];
  const SeriesKey& key = series.key;
  const auto judged = run.judgements.find(launch.series);
  const KeptJudgement judgement = judged == run.judgements.end() ? KeptJudgement{} : judged->second;
  return {{"night", night},
          {"start", run.start},
          {"run", run.identity.substr(0, 12)},
          {"node", key.node},
          {"device", key.device},
          {"sku", key.sku},
          {"mig", key.mig},
          {"power_cap", key.power_cap},
          {"clock_policy", key.clock_policy},
          {"digest", run.digest},
          {"case", key.case_name},
          {"method", key.method},
          {"launch", launch.number},
          {"status", name(launch.status)},
          {"reason", launch.reason.empty() ? Json(nullptr) : Json(launch.reason)},
          {"finding", launch.finding ? to_json(*launch.finding) : Json(nullptr)},
          {"figure", series.figure.empty() ? Json("seconds") : Json(series.figure)},
          {"value", or_null(launch.value)},
          {"standing", name(judgement.standing)},
          {"verdict", name(judgement.verdict)},
          {"sm_clock_hz", or_null(launch.readings.sm_clock_hz)},
          {"watts", or_null(launch.readings.watts)},
          {"celsius", or_null(launch.readings.celsius)},
          {"power_cap_share", or_null(launch.readings.power_cap_share)},
          {"slowdown_share", or_null(launch.readings.slowdown_share)},
          {"conditions", Json(archive.conditions[launch.conditions])}};
}

}  // namespace

Run run_of(const Archive& archive, const KeptRun& kept) {
  Run run{.context = context_from_json(parsed(kept.context, "a context"), "context"), .complete = kept.complete};
  const RunShape shape = shape_of(archive, kept);
  for (const KeptLaunch& launch : kept.launches) run.results.push_back(row_of(archive, shape, launch));
  return run;
}

std::string export_name(const KeptRun& run) {
  std::string start = run.start, node = run.node;
  std::erase(start, '-');
  std::erase(start, ':');
  std::ranges::replace(node, '/', '_');
  return fmt::format("{}-{}-{}.json", node, start, run.identity.substr(0, 8));
}

std::string json_lines(const Archive& archive) {
  std::string lines;
  for (const Night& night : nights_of(archive))
    for (const std::size_t run : night.runs)
      for (const KeptLaunch& launch : archive.runs[run].launches)
        lines += line_of(archive, night.name, archive.runs[run], launch)
                     .dump(-1, ' ', false, Json::error_handler_t::replace) +
                 "\n";
  return lines;
}

}  // namespace gpubench
