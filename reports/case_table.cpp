#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/core/format.hpp"
#include "reports/columns.hpp"
#include "reports/group_table.hpp"
#include "reports/remarks.hpp"

namespace gpubench {
namespace {

/// Names of the figures that any row has, in order of first appearance.
std::vector<std::string> figures_of(const Group& group) {
  std::vector<std::string> names;
  for (const CaseSummary& one : group.cases)
    for (const CaseResult* row : one.ok())
      for (const auto& [figure, value] : row->figures)
        if (std::ranges::find(names, figure) == names.end()) names.push_back(figure);
  return names;
}

/// What a figure is called and counted in; the end of its name says so.
struct FigureColumn {
  std::string heading{};
  std::string (*text)(double value) = nullptr;
};
FigureColumn column_of(std::string figure) {
  if (figure.ends_with("flops_per_second"))
    return {"TFLOP/s", [](double v) { return fmt::format("{:.4g}", v / 1e12); }};
  if (figure.ends_with("bytes_per_second")) return {"GB/s", [](double v) { return fmt::format("{:.4g}", v / 1e9); }};
  std::string (*text)(double) = [](double v) { return fmt::format("{:.4g}", v); };
  if (figure.ends_with("_seconds")) text = text_of_seconds;
  if (figure.ends_with("_bytes")) text = text_of_bytes;
  std::ranges::replace(figure, '_', ' ');
  return {std::move(figure), text};
}

}  // namespace

std::string case_table(const Group& group) {
  const std::vector<std::string> figures = figures_of(group);
  Columns columns;
  for (const char* heading : {"case", "time", "spread"}) columns.add_column(heading);
  for (const std::string& figure : figures) columns.add_column(column_of(figure).heading, Columns::Align::right);
  columns.add_column("memory");
  for (const CaseSummary& one : group.cases) {
    if (const CaseResult* without = one.why_no_time()) {
      columns.add_sentence({one.first().name}, status_text(*without));
      continue;
    }
    const auto spread = one.median_of([](const CaseResult& row) { return row.spread; });
    const auto memory = one.median_of([](const CaseResult& row) { return row.peak_memory_bytes; });
    std::vector<std::string> cells = {
        one.first().name, text_of_seconds(*one.seconds()), spread ? text_of_percent(*spread) : ""};
    for (const std::string& figure : figures) {
      const auto value = one.figure(figure);
      cells.push_back(value ? column_of(figure).text(*value) : "");
    }
    cells.push_back(memory ? text_of_bytes(*memory) : "");
    columns.add_row(std::move(cells));
  }
  std::string text = group.title + "\n" + columns.text("  ");
  const Caption caption = [](const CaseSummary& one) { return one.first().name; };
  const auto alone = [](const CaseSummary&) -> const CaseSummary* { return nullptr; };
  for (const auto& lines : {remarks(group, caption), interval_lines(group, caption, alone)})
    for (const std::string& line : lines) text += "  " + line + "\n";
  return text;
}

}  // namespace gpubench
