#include <algorithm>

#include <fmt/format.h>

#include "reports/compare/tables.hpp"

namespace gpubench {
namespace {

/// Text that Markdown shows as it is, inside a table, too.
std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '|' || c == '*' || c == '_' || c == '<' || c == '`' || c == '\\' || c == '[') safe += '\\';
    safe += c == '\n' ? ' ' : c;
  }
  return safe;
}

std::string table_text(const ReportTable& table) {
  std::string text = fmt::format("\n## {}\n\n|", escaped(table.title)), line = "|";
  for (const auto& column : table.columns) {
    text += fmt::format(" {} |", escaped(column.heading));
    line += column.right ? "---:|" : "---|";
  }
  text += fmt::format("\n{}\n", line);
  for (const auto& row : table.rows) {
    text += "|";
    for (const std::string& cell : row) text += fmt::format(" {} |", escaped(cell));
    text += "\n";
  }
  for (const std::string& note : table.notes) text += fmt::format("\n{}\n", escaped(note));
  return text;
}

}  // namespace

std::string comparison_markdown(const Comparison& comparison) {
  std::string text =
      fmt::format("# {} against {}\n\n", escaped(comparison.b.short_title), escaped(comparison.a.short_title));
  for (const std::string& sentence : answer(comparison)) text += escaped(sentence) + "\n";
  text += fmt::format("\n- A: {} (`{}`)\n- B: {} (`{}`)\n",
                      escaped(comparison.a.title),
                      comparison.a.label,
                      escaped(comparison.b.title),
                      comparison.b.label);
  if (const std::string columns = legend(comparison); !columns.empty()) text += fmt::format("\n{}\n", escaped(columns));
  for (const ReportTable& table : tables_of(comparison)) text += table_text(table);
  if (!comparison.remarks.empty() || !comparison.broken.empty()) text += "\n";
  for (const std::string& remark : comparison.remarks) text += fmt::format("- {}\n", escaped(remark));
  for (const std::string& file : comparison.broken) text += fmt::format("- skipped: {}\n", escaped(file));
  return text;
}

}  // namespace gpubench
