#include "reports/compare/tables.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/compare/case_key.hpp"

namespace gpubench {
namespace {

using Table = ReportTable;

std::string range_text(double low, double high) { return fmt::format("{} to {}", value_text(low), value_text(high)); }

/// `bert-large-squad amp-fp16 d8` of `train.bert-large-squad.amp-fp16.sequences_per_second.d8`, `bf16/.../cublaslt` of
/// `gemm/bf16/.../cublaslt`: the table's title has said the rest.
std::string short_name(const std::string& name) {
  if (name.find('/') != std::string::npos) return name.substr(name.find('/') + 1);
  std::string text;
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t end = std::min(name.find('.', at), name.size());
    const std::string piece = name.substr(at, end - at);
    const bool said = at == 0 || piece.ends_with("_per_second") || piece.ends_with("_per_second_per_gpu");
    if (!said && !(piece == "none")) text += (text.empty() ? "" : " ") + piece;
    at = end + 1;
  }
  return text.empty() ? name : text;
}

/// `resnet50 d1` of `train.resnet50.*.images_per_second.d1`
std::string gain_name(const std::string& figure) {
  std::string text = short_name(figure);
  if (const auto star = text.find("* "); star != std::string::npos) text.erase(star, 2);
  return text;
}

std::string name_text(const ComparedRow& row) {
  std::string text = short_name(row.name);
  if (!row.name_b.empty() && row.level == Level::same_problem) text += fmt::format(" | {}", short_name(row.name_b));
  if (!row.doubt.empty()) text += " ?";
  return row.verified ? text : text + " *";
}

std::string interval_text(const ComparedRow& row) {
  if (const auto interval = row.times_as_fast_interval())
    return fmt::format("{:.4g} to {:.4g}", interval->low, interval->high);
  std::string text;
  if (row.range_a) text += fmt::format("A: {} ({})", range_text(row.range_a->low, row.range_a->high), row.n_a);
  if (row.range_b)
    text +=
        fmt::format("{}B: {} ({})", text.empty() ? "" : ", ", range_text(row.range_b->low, row.range_b->high), row.n_b);
  return text;
}

std::string normalised_text(const std::optional<Normalised>& one) {
  return one ? fmt::format("{:.2f}", one->ratio) : "";
}

std::string limiter_text(const ComparedRow& row) {
  if (row.limiter_a == row.limiter_b) return row.limiter_a;
  return fmt::format(
      "{} > {}", row.limiter_a.empty() ? "?" : row.limiter_a, row.limiter_b.empty() ? "?" : row.limiter_b);
}

std::string over_text(const ComparedRow& row) {
  if (row.over == SideRatio::Over::none) return row.why_no_interval;
  const bool devices = row.over == SideRatio::Over::devices;
  return devices ? fmt::format("95 % intervals over {} and {} devices: what holds for other boards of these kinds",
                               row.n_a,
                               row.n_b)
                 : fmt::format("95 % intervals over {} and {} launches: what holds for these boards at that time",
                               row.n_a,
                               row.n_b);
}

/// Reasons, each once.
void note_once(Table& table, const std::string& note) {
  if (!note.empty() && std::ranges::find(table.notes, note) == table.notes.end()) table.notes.push_back(note);
}

void note_doubts(Table& table, const ComparedRow& row) {
  if (!row.doubt.empty()) note_once(table, "? doubtful, not counted in the summary: " + row.doubt);
  if (!row.verified) note_once(table, "* not read on the named source");
  if (!row.higher_is_better) note_once(table, "A and B are times; `B is` says how many times as fast B is");
}

Table empty_row_table(const ComparedRow& row) {
  Table table{.title = fmt::format("{}, {}", first_word(row.figure.empty() ? row.name : row.figure), row.unit)};
  if (!row.source.empty()) table.title += " · " + row.source;
  const char* between = row.range_a || row.range_b || row.over == SideRatio::Over::none ? "range (n)" : "95 % interval";
  table.columns = {{"case"},
                   {"level", false, 1},
                   {"A", true},
                   {"B", true},
                   {row.unit == "%" || row.unit == "x" ? "B/A" : "B is", true},
                   {between, false, 0},
                   {"/peak", true, 3},
                   {"/GB/s", true, 5},
                   {"/W", true, 4},
                   {"limited by", false, 2}};
  return table;
}

std::vector<Table> row_tables(const Comparison& comparison) {
  std::vector<Table> tables;
  std::vector<std::tuple<std::string, std::string, std::string, bool>> keys;
  for (const ComparedRow& row : comparison.rows) {
    if (!row.ratio) continue;
    const std::tuple key(
        first_word(row.figure.empty() ? row.name : row.figure), row.unit, row.source, row.interval.has_value());
    const auto at = std::ranges::find(keys, key) - keys.begin();
    if (at == std::ssize(keys)) {
      keys.push_back(key);
      tables.push_back(empty_row_table(row));
    }
    Table& table = tables[static_cast<std::size_t>(at)];
    table.rows.push_back({name_text(row),
                          std::string(name(row.level)),
                          value_text(*row.a),
                          value_text(*row.b),
                          times_text(*row.times_as_fast()),
                          interval_text(row),
                          normalised_text(row.normalised.peak),
                          normalised_text(row.normalised.bandwidth),
                          normalised_text(row.normalised.watt),
                          limiter_text(row)});
    note_doubts(table, row);
    if (comparison.a.published && comparison.b.published) continue;
    note_once(table, over_text(row));
  }
  return tables;
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
              .columns = {{"case"}, {"A", true, 2}, {"B", true, 2}, {"unit", false, 3}, {"why not"}},
              .most_on_screen = 15};
  const auto text = [](const std::optional<double>& value) { return value ? value_text(*value) : "-"; };
  for (const ComparedRow& row : comparison.rows)
    if (!row.ratio) table.rows.push_back({row.name, text(row.a), text(row.b), row.unit, row.why_not});
  return table;
}

Table only_table(const std::string& side, const std::vector<OneSided>& only) {
  Table table{.title = fmt::format("Only in {}: {}", side, only.size()),
              .columns = {{"case"}, {"value", true}, {"unit"}, {"of peak", true, 1}, {"remark", false, 2}},
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
              .columns = {{"what"}, {"A"}, {"B"}, {"may matter because", false, 1}},
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
