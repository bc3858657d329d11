#include "reports/compare/run_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "reports/compare/case_key.hpp"
#include "reports/compare/row_stream.hpp"
#include "reports/json_file.hpp"
#include "reports/measurement_json.hpp"
#include "reports/object_reader.hpp"
#include "reports/row_keys.hpp"

namespace gpubench {
namespace {

constexpr float not_measured = std::numeric_limits<float>::quiet_NaN();

/// Of several readings the first that is there: energy over the window is better than a glance.
float reading(const Json& telemetry, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto found = telemetry.find(name);
    if (found != telemetry.end() && found->is_number()) return found->get<float>();
  }
  return not_measured;
}

Beside beside_of(const ObjectReader& ours) {
  const ObjectReader telemetry = ours.object("telemetry");
  return {.watts = reading(telemetry.json(), {"watts", "watts_average_1s", "watts_instant"}),
          .power_cap_share = reading(telemetry.json(), {"power_cap_share"})};
}

std::vector<std::string> figure_keys(const Json& row) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : row.items())
    if (value.is_number() && !is_fixed_row_key(key)) keys.push_back(key);
  return keys;
}

void read_value(RunRow& row, const ObjectReader& reader, const ObjectReader& ours) {
  const auto keys = figure_keys(reader.json());
  const std::string_view key = key_of_figure(row.one.figure, keys);
  row.one.unit = unit_of_key(key);
  row.value = (key.empty() ? ours.number("median_seconds") : reader.number(std::string(key))) / row.one.unit.one;
  if (!(row.value > 0) || !std::isfinite(row.value))
    ours.complain(key.empty() ? "median_seconds" : std::string(key), "an ok row needs a number above 0");
  row.beside = beside_of(ours);
}

RunRow row_of(const Json& json, std::size_t index) {
  const ObjectReader reader(json, fmt::format("/benchmarks/{}", index));
  if (!reader.has("gpubench")) reader.complain("gpubench", "missing: not a row of gpubench");
  const ObjectReader ours = reader.object("gpubench");
  RunRow row;
  SideCase& one = row.one;
  one.name = reader.text("run_name");
  const auto [problem, batch] = problem_of(one.name);
  one.problem = problem;
  one.batch = batch;
  one.figure = ours.text("figure");
  one.precision = ours.text("precision");
  one.implementation = ours.text("implementation");
  one.cache = ours.text("cache");
  one.method = ours.small_integer("method");
  one.work = work_from_json(ours.object("work"));
  row.device = ours.text("device");
  row.launch = reader.small_integer("repetition_index");
  const std::string status = ours.text("status");
  row.ok = status == "ok";
  row.contended =
      std::ranges::any_of(ours.texts("labels"), [](const auto& label) { return label.starts_with("contended"); });
  if (ours.has("finding")) {
    const Finding finding = finding_from_json(ours.object("finding"));
    row.finding = fmt::format("{}: {}", finding.verdict, finding.reason);
  }
  if (!row.ok) {
    one.why_none = fmt::format("{}: {}", status, ours.text_or_none("reason"));
    return row;
  }
  read_value(row, reader, ours);
  one.plan = ours.texts_by_name("plan");
  if (ours.has("ceiling")) one.ceiling = ceiling_from_json(ours.object("ceiling"));
  for (const ObjectReader& part : ours.objects("parts")) one.parts.push_back(part_from_json(part));
  return row;
}

RowStream stream_into(RunRows& rows) {
  return {.context =
              [&rows](const Json& json) {
                rows.context = context_from_json(json, "/context");
                const ObjectReader reader(json, "/context");
                rows.complete =
                    reader.object("gpubench").flag_if_any("complete").value_or(false);  // a journal has none
              },
          .row = [&rows](const Json& json, std::size_t index) { rows.rows.push_back(row_of(json, index)); }};
}

}  // namespace

RunRows run_rows_of_text(const std::filesystem::path& path, std::string_view text) {
  RunRows rows;
  stream_run_text(path, text, stream_into(rows));
  return rows;
}

RunRows read_run_rows(const std::filesystem::path& path) { return run_rows_of_text(path, text_of_json_file(path)); }

}  // namespace gpubench
