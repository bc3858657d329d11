#include <fmt/format.h>

#include "reports/json.hpp"
#include "reports/measurement_json.hpp"
#include "reports/object_reader.hpp"
#include "reports/row_keys.hpp"

namespace gpubench {
namespace {

Status status_from_json(const ObjectReader& reader) {
  const std::string text = reader.text("status");
  for (const Status status : all_statuses)
    if (name(status) == text) return status;
  reader.complain("status", fmt::format("no such status: {}", text));
}

void read_measured(CaseResult& row, const ObjectReader& ours) {
  row.samples_seconds = ours.numbers("samples_seconds");
  row.samples_taken = ours.integer("samples_taken");
  row.runs_per_sample = ours.small_integer("runs_per_sample");
  if (row.status == Status::ok) row.median_seconds = ours.number("median_seconds");
  row.spread = ours.number_if_any("spread");
  row.planned_memory_bytes = ours.number_if_any("planned_memory_bytes");
  row.work = work_from_json(ours.object("work"));
  if (ours.has("epoch")) row.epoch = epoch_from_json(ours.object("epoch"));
  if (ours.has("ceiling")) row.ceiling = ceiling_from_json(ours.object("ceiling"));
  for (const ObjectReader& part : ours.objects("parts")) row.parts.push_back(part_from_json(part));
}

void read_circumstances(CaseResult& row, const ObjectReader& ours) {
  row.plan = ours.texts_by_name("plan");
  row.cache = ours.text("cache");
  row.input = {.distribution = ours.object("input").text("distribution"), .seed = ours.object("input").seed("seed")};
  if (ours.has("settle")) row.settle = settle_from_json(ours.object("settle"));
  row.telemetry = ours.numbers_by_name("telemetry");
  if (ours.has("verification")) row.verification = verification_from_json(ours.object("verification"));
  if (ours.has("parity")) row.parity = parity_from_json(ours.object("parity"));
}

void read_identity(CaseResult& row, const ObjectReader& ours) {
  row.suite = ours.text("suite");
  row.device = ours.text("device");
  row.precision = ours.text("precision");
  row.implementation = ours.text("implementation");
  row.figure = ours.text("figure");
  row.method = ours.small_integer("method");
  row.status = status_from_json(ours);
  row.reason = ours.text_or_none("reason");
  if (ours.has("finding")) row.finding = finding_from_json(ours.object("finding"));
  row.labels = ours.texts("labels");
  row.group = ours.text("group");
  row.item = ours.text("item");
  if (ours.has("layer")) row.layer = layer_from_json(ours.object("layer"));
}

CaseResult row_of(const ObjectReader& reader) {
  if (!reader.has("gpubench")) reader.complain("gpubench", "missing: not a row of gpubench");
  CaseResult row;
  row.run_name = reader.text("run_name");
  row.name = reader.text("name");
  row.launch = reader.small_integer("repetition_index");
  row.launches = reader.small_integer("repetitions");
  row.peak_memory_bytes = reader.number_if_any("peak_memory_bytes");
  const ObjectReader ours = reader.object("gpubench");
  read_identity(row, ours);
  read_measured(row, ours);
  read_circumstances(row, ours);
  if (row.status != Status::ok) return row;
  row.cpu_seconds = reader.number("cpu_time") / 1e3;
  for (const auto& [key, value] : reader.json().items())
    if (!is_fixed_row_key(key) && (value.is_number() || value.is_null()))
      row.figures.emplace_back(key, reader.number(key));
  return row;
}

}  // namespace

CaseResult row_from_json(const Json& json, const std::string& place) { return row_of(ObjectReader(json, place)); }

}  // namespace gpubench
