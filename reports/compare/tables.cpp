#include "reports/compare/tables.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/compare/row_tables.hpp"

namespace gpubench {
namespace {

using Table = ReportTable;

/// `resnet50 d1` of `train.resnet50.*.images_per_second.d1`
std::string gain_name(const std::string& figure) {
  std::string text = short_name(figure);
  if (const auto star = text.find("* "); star != std::string::npos) text.erase(star, 2);
  return text;
}

Table datasheet_table(const Comparison& comparison) {
  Table table{.title = fmt::format("On paper: A is {}, B is {}", comparison.a.reference, comparison.b.reference),
              .columns = {{"datasheet"}, {"A", true}, {"B", true}, {"B/A", true}, {"unit"}}};
  const auto text = [](const std::optional<double>& value) { return value ? value_text(*value) : "-"; };
  bool doubtful = false;
  for (const SheetRow& row : comparison.datasheet) {
    std::string name = row.figure;
    std::ranges::replace(name, '_', ' ');
    table.rows.push_back({name + (row.verified ? "" : " *"),
                          text(row.a),
                          text(row.b),
                          row.ratio ? times_text(*row.ratio) : "",
                          row.unit});
    doubtful = doubtful || !row.verified;
  }
  if (doubtful) table.notes.push_back("* not read on a named source");
  return table;
}

Table gains_table(const Comparison& comparison) {
  Table table{.title = "What a mode gains, on each side by itself",
              .columns = {{"training"},
                          {"mode"},
                          {"over"},
                          {"A", true},
                          {"B", true},
                          {"B/A", true},
                          {"peak A", true, 2},
                          {"peak B", true, 2},
                          {"by", false, 3}},
              .most_on_screen = 20};
  const auto text = [](const std::optional<double>& value) { return value ? times_text(*value) : "-"; };
  for (const bool both : {true, false})
    for (const ModeGain& gain : comparison.gains)
      if (gain.ratio.has_value() == both)
        table.rows.push_back({gain_name(gain.figure),
                              gain.mode,
                              gain.over,
                              text(gain.a),
                              text(gain.b),
                              gain.ratio ? fmt::format("{:.2f}", *gain.ratio) : "",
                              text(gain.peak_a),
                              text(gain.peak_b),
                              gain.by});
  table.notes.emplace_back("peak: the ratio of the dense peaks, the most that could be gained");
  return table;
}

Table not_compared_table(const Comparison& comparison) {
  Table table{.title = "In both, and not comparable",
              .columns = {{"case"}, {"A", true, 2}, {"B", true, 2}, {"unit", false, 3}, {"why not", false, 0, true}},
              .most_on_screen = 15};
  const auto text = [](const std::optional<double>& value) { return value ? value_text(*value) : "-"; };
  for (const ComparedRow& row : comparison.rows)
    if (!row.ratio) table.rows.push_back({row.name, text(row.a), text(row.b), row.unit, row.why_not});
  return table;
}

Table only_table(const std::string& side, const std::vector<OneSided>& only) {
  Table table{.title = fmt::format("Only in {}: {}", side, only.size()),
              .columns = {{"case"}, {"value", true}, {"unit"}, {"of peak", true, 1}, {"remark", false, 0, true}},
              .most_on_screen = 8};
  for (const OneSided& one : only)
    table.rows.push_back({one.name,
                          one.value ? value_text(*one.value) : "-",
                          one.value ? one.unit : "",
                          one.of_peak ? fmt::format("{:.0f} %", 100 * *one.of_peak) : "",
                          one.remark});
  return table;
}

Table environment_table(const std::vector<EnvironmentDifference>& environment) {
  Table table{.title = "What differs around them, likely causes first",
              .columns = {{"what"}, {"A"}, {"B"}, {"may matter because", false, 1, true}},
              .most_on_screen = 25};
  for (const EnvironmentDifference& one : environment) table.rows.push_back({one.what, one.a, one.b, one.why});
  return table;
}

/// What a row was divided by, over all rows: `datasheet`.
std::string divisor(const Comparison& comparison, std::optional<Normalised> NormalisedBy::*by) {
  std::vector<std::string> from;
  for (const ComparedRow& row : comparison.rows)
    if (const auto& one = row.normalised.*by; one && std::ranges::find(from, one->from) == from.end())
      from.push_back(one->from);
  return fmt::format("{}", fmt::join(from, " or "));
}

}  // namespace

std::string legend(const Comparison& comparison) {
  if (comparison.compared() == 0) return {};
  std::string text = "B is: how many times as fast B is";
  const std::pair<const char*, std::optional<Normalised> NormalisedBy::*> columns[] = {
      {"/peak: per dense peak", &NormalisedBy::peak},
      {"/GB/s: per memory bandwidth", &NormalisedBy::bandwidth},
      {"/W: per watt", &NormalisedBy::watt}};
  for (const auto& [what, by] : columns)
    if (const std::string from = divisor(comparison, by); !from.empty()) text += fmt::format("; {} ({})", what, from);
  return text;
}

std::string times_text(double times) {
  return times < 0.1   ? fmt::format("{:.3g}x", times)
         : times < 100 ? fmt::format("{:.2f}x", times)
                       : fmt::format("{:.0f}x", times);
}

std::string value_text(double value) {
  return std::abs(value) >= 1000 ? fmt::format("{:.0f}", value) : fmt::format("{:.4g}", value);
}

std::vector<ReportTable> tables_of(const Comparison& comparison) {
  std::vector<Table> tables = row_tables(comparison);
  const bool paper_only = comparison.a.published && comparison.b.published;
  if (!comparison.datasheet.empty())
    tables.insert(paper_only ? tables.begin() : tables.end(), datasheet_table(comparison));
  if (!comparison.gains.empty()) tables.push_back(gains_table(comparison));
  tables.push_back(not_compared_table(comparison));
  tables.push_back(only_table("A", comparison.only_a));
  tables.push_back(only_table("B", comparison.only_b));
  tables.push_back(environment_table(comparison.environment));
  std::erase_if(tables, [](const Table& table) { return table.rows.empty(); });
  return tables;
}

}  // namespace gpubench
