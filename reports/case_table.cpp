#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/core/format.hpp"
#include "reports/columns.hpp"
#include "reports/group_table.hpp"
#include "reports/rate.hpp"
#include "reports/remarks.hpp"

namespace gpubench {
namespace {

/// Rates have a column of their own; launches per second are told by the time of one.
bool is_rate(const std::string& figure) {
  return figure == "flops_per_second" || figure == "operations_per_second" || figure == "bytes_per_second" ||
         figure == "launches_per_second";
}

constexpr const char* per_launch = "seconds_per_launch";

/// Names of the figures that any row has beside its rate, in order of first appearance.
std::vector<std::string> figures_of(const Group& group) {
  std::vector<std::string> names;
  for (const CaseSummary& one : group.cases)
    for (const CaseResult* row : one.ok())
      for (const auto& [figure, value] : row->figures)
        if (!is_rate(figure) && std::ranges::find(names, figure) == names.end()) names.push_back(figure);
  return names;
}

/// What a figure is called and counted in; the end of its name says so.
struct FigureColumn {
  std::string heading{};
  std::string (*text)(double value) = nullptr;
};
FigureColumn column_of(std::string figure) {
  if (figure == per_launch) return {"µs per launch", [](double v) { return fmt::format("{:.3f}", 1e6 * v); }};
  std::string (*text)(double) = [](double v) { return fmt::format("{:.4g}", v); };
  if (figure.ends_with("_seconds")) text = text_of_seconds;
  if (figure.ends_with("_bytes")) text = text_of_bytes;
  std::ranges::replace(figure, '_', ' ');
  return {std::move(figure), text};
}

/// The unit that all rates have; empty where there are several, or none.
std::string common_unit(const Group& group) {
  std::string unit;
  for (const CaseSummary& one : group.cases)
    if (const auto rate = rate_of(one)) {
      if (!unit.empty() && unit != rate->unit) return {};
      unit = rate->unit;
    }
  return unit;
}

/// Power and clock over the window; what is not known of any case has no column.
/// Readings that are averages of the last second say nothing of a shorter window.
bool is_long_enough(const CaseSummary& one) {
  const CaseResult& row = *one.ok().front();
  return static_cast<double>(row.samples_taken) * row.runs_per_sample * row.median_seconds >= 1;
}

std::optional<double> reading_of(const CaseSummary& one, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (const auto reading = one.median_of([name](const CaseResult& row) {
          const auto found = row.telemetry.find(name);
          return found == row.telemetry.end() ? std::nullopt : std::optional(found->second);
        }))
      return reading;
  return std::nullopt;
}

std::vector<std::string> cells_of(const CaseSummary& one,
                                  const std::string& unit,
                                  const std::vector<std::string>& figures) {
  const auto spread = one.median_of([](const CaseResult& row) { return row.spread; });
  const auto memory = one.median_of([](const CaseResult& row) { return row.peak_memory_bytes; });
  const auto rate = rate_of(one);
  std::vector<std::string> cells = {
      one.first().name, text_of_seconds(*one.seconds()), spread ? text_of_percent(*spread) : ""};
  cells.push_back(rate ? number_text(*rate) + (unit.empty() ? " " + rate->unit : "") : "");
  cells.push_back(rate ? share_text(*rate) : "");
  const auto watts =
      is_long_enough(one) ? reading_of(one, {"watts", "watts_average_1s", "watts_instant"}) : std::nullopt;
  const auto clock = reading_of(one, {"sm_clock_hz", "sm_clock_polled_hz"});
  cells.push_back(watts ? fmt::format("{:.0f}", *watts) : "");
  cells.push_back(clock ? fmt::format("{:.0f}", *clock / 1e6) : "");
  for (const std::string& figure : figures) {
    const auto value = one.figure(figure);
    cells.push_back(value ? column_of(figure).text(*value) : "");
  }
  // With a rate it is what the operands were made to be, and a launch has none.
  cells.push_back(memory && !rate && !one.figure(per_launch) ? text_of_bytes(*memory) : "");
  return cells;
}

/// One row of its own for a case that shares its reason with no other.
bool is_alone(const Group& group, const CaseSummary& one) {
  const CaseResult* without = one.why_no_time();
  return std::ranges::count_if(group.cases, [&](const CaseSummary& other) {
           const CaseResult* row = other.why_no_time();
           return row != nullptr && row->precision == without->precision && status_text(*row) == status_text(*without);
         }) == 1;
}

}  // namespace

std::string case_table(const Group& group) {
  const std::vector<std::string> figures = figures_of(group);
  const std::string unit = common_unit(group);
  Columns columns;
  for (const char* heading : {"case", "time", "spread"}) columns.add_column(heading);
  columns.add_column(unit.empty() ? "rate" : unit, Columns::Align::right);
  columns.add_column("of ceiling", Columns::Align::right);
  columns.add_column("W", Columns::Align::right);
  columns.add_column("MHz", Columns::Align::right);
  for (const std::string& figure : figures) columns.add_column(column_of(figure).heading, Columns::Align::right);
  columns.add_column("memory");
  Group shared{.title = group.title};
  for (const CaseSummary& one : group.cases) {
    const CaseResult* without = one.why_no_time();
    if (without == nullptr)
      columns.add_row(cells_of(one, unit, figures));
    else if (is_alone(group, one))
      columns.add_sentence({one.first().name}, status_text(*without));
    else
      shared.cases.push_back(one);
  }
  std::string text = group.title + "\n" + columns.text("  ");
  const Caption caption = [](const CaseSummary& one) { return one.first().name; };
  const auto alone = [](const CaseSummary&) -> const CaseSummary* { return nullptr; };
  for (const auto& lines : {lines_without_time(shared), summed_remarks(group), interval_lines(group, caption, alone)})
    for (const std::string& line : lines) text += "  " + line + "\n";
  return text;
}

}  // namespace gpubench
