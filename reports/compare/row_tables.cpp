#include "reports/compare/row_tables.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "reports/compare/case_key.hpp"

namespace gpubench {
namespace {

using Table = ReportTable;

std::string range_text(double low, double high) { return fmt::format("{} to {}", value_text(low), value_text(high)); }

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
  return devices ? fmt::format(
                       "95 % intervals of the ratio of geometric means, over {} and {} devices: what holds for other "
                       "boards of these kinds",
                       row.n_a,
                       row.n_b)
                 : fmt::format(
                       "95 % intervals of the ratio of geometric means, over {} and {} launches: what holds for these "
                       "boards at that time",
                       row.n_a,
                       row.n_b);
}

/// Reasons, each once.
void note_once(Table& table, const std::string& note) {
  if (!note.empty() && std::ranges::find(table.notes, note) == table.notes.end()) table.notes.push_back(note);
}

void note_doubts(Table& table, const ComparedRow& row) {
  if (!row.doubt.empty()) note_once(table, "? a poor reference, not counted in the summary (--json says why)");
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

}  // namespace

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

std::vector<ReportTable> row_tables(const Comparison& comparison) {
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

}  // namespace gpubench
