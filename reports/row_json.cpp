#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "reports/json.hpp"
#include "reports/measurement_json.hpp"
#include "reports/row_keys.hpp"

namespace gpubench {
namespace {

constexpr std::size_t most_samples = 1000;

/// Only `ok` has a time: what was measured before a case went wrong is not written.
CaseResult as_told(CaseResult row) {
  row.samples_taken = std::max(row.samples_taken, static_cast<std::int64_t>(row.samples_seconds.size()));
  if (row.status == Status::ok) return row;
  row.samples_seconds.clear();
  row.samples_taken = 0;
  row.median_seconds = 0;
  row.spread.reset();
  row.cpu_seconds = 0;
  row.figures.clear();
  row.epoch.reset();
  row.parts.clear();
  row.ceiling.reset();
  return row;
}

/// At most `most_samples` of them, evenly spread, first and last kept.
std::vector<double> thinned(const std::vector<double>& samples) {
  if (samples.size() <= most_samples) return samples;
  std::vector<double> kept;
  for (std::size_t i = 0; i < most_samples; ++i) kept.push_back(samples[i * (samples.size() - 1) / (most_samples - 1)]);
  return kept;
}

Json samples_json(const CaseResult& row, FiniteNumbers& finite) {
  Json samples = Json::array();
  for (const double seconds : thinned(row.samples_seconds)) samples.push_back(finite("samples_seconds", seconds));
  return samples;
}

void put_figures(Json& json, const CaseResult& row, FiniteNumbers& finite) {
  for (const auto& [figure, value] : row.figures) {
    if (is_fixed_row_key(figure) || json.contains(figure))
      throw Error(fmt::format("{}: a figure may not be named {}, a key of the row has that name", row.name, figure));
    json[figure] = finite(figure, value);
  }
  if (row.peak_memory_bytes) json["peak_memory_bytes"] = finite("peak_memory_bytes", *row.peak_memory_bytes);
}

void put_measured(Json& ours, const CaseResult& row, FiniteNumbers& finite) {
  const bool ok = row.status == Status::ok;
  ours["samples_seconds"] = samples_json(row, finite);
  ours["samples_taken"] = row.samples_taken;
  ours["runs_per_sample"] = row.runs_per_sample;
  ours["median_seconds"] = ok ? finite("median_seconds", row.median_seconds) : Json(nullptr);
  ours["spread"] = row.spread ? finite("spread", *row.spread) : Json(nullptr);
  ours["work"] = to_json(row.work, finite);
}

void put_circumstances(Json& ours, const CaseResult& row, FiniteNumbers& finite) {
  ours["plan"] = Json(row.plan);
  ours["cache"] = row.cache;
  ours["input"] = {{"distribution", row.input.distribution}, {"seed", row.input.seed}};
  ours["settle"] = row.settle.outcome.empty() ? Json(nullptr) : to_json(row.settle, finite);
  ours["telemetry"] = Json::object();
  for (const auto& [reading, value] : row.telemetry) ours["telemetry"][reading] = finite("telemetry." + reading, value);
  ours["planned_memory_bytes"] =
      row.planned_memory_bytes ? finite("planned_memory_bytes", *row.planned_memory_bytes) : Json(nullptr);
  ours["verification"] = row.verification ? to_json(*row.verification, finite) : Json(nullptr);
  ours["epoch"] = row.epoch ? to_json(*row.epoch, finite) : Json(nullptr);
  ours["parity"] = row.parity ? to_json(*row.parity, finite) : Json(nullptr);
  ours["parts"] = to_json(row.parts, finite);
  ours["ceiling"] = row.ceiling ? to_json(*row.ceiling, finite) : Json(nullptr);
}

Json our_json(const CaseResult& row, FiniteNumbers& finite) {
  Json ours;
  ours["status"] = name(row.status);
  ours["reason"] = row.reason.empty() ? Json(nullptr) : Json(row.reason);
  ours["finding"] = row.finding ? to_json(*row.finding) : Json(nullptr);
  ours["suite"] = row.suite;
  ours["device"] = row.device;
  ours["precision"] = row.precision;
  ours["implementation"] = row.implementation;
  ours["figure"] = row.figure;
  ours["method"] = row.method;
  put_measured(ours, row, finite);
  put_circumstances(ours, row, finite);
  ours["labels"] = row.labels;
  ours["group"] = row.group;
  ours["item"] = row.item;
  if (row.layer) ours["layer"] = to_json(*row.layer);
  return ours;
}

/// Both spellings of Google Benchmark, up to 1.7 and since 1.8; its tools need the times even here.
void put_not_run(Json& json, const CaseResult& row) {
  const std::string message = fmt::format("{}: {}", name(row.status), row.reason);
  json["error_occurred"] = true;
  json["error_message"] = message;
  json["skipped"] = true;
  json["skip_message"] = message;
}

}  // namespace

Json to_json(const CaseResult& measured) {
  const CaseResult row = as_told(measured);
  const bool ok = row.status == Status::ok;
  FiniteNumbers finite;
  Json json;
  json["name"] = row.name;
  json["family_index"] = 0;
  json["per_family_instance_index"] = 0;
  json["run_name"] = row.run_name;
  json["run_type"] = "iteration";
  json["repetitions"] = row.launches;
  json["repetition_index"] = row.launch;
  json["threads"] = 1;
  if (!ok) put_not_run(json, row);
  json["iterations"] = row.samples_taken * row.runs_per_sample;
  json["real_time"] = ok ? finite("real_time", 1e3 * row.median_seconds) : Json(0.0);
  json["cpu_time"] = ok ? finite("cpu_time", 1e3 * row.cpu_seconds) : Json(0.0);
  json["time_unit"] = "ms";
  put_figures(json, row, finite);
  Json ours = our_json(row, finite);
  for (const std::string& what : finite.not_finite()) {
    const Json label = fmt::format("not a finite number: {}", what);
    if (std::find(ours["labels"].begin(), ours["labels"].end(), label) == ours["labels"].end())
      ours["labels"].push_back(label);
  }
  json["gpubench"] = std::move(ours);
  return json;
}

}  // namespace gpubench
