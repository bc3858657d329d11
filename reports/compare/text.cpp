#include <algorithm>

#include <fmt/format.h>

#include "reports/columns.hpp"
#include "reports/compare/tables.hpp"
#include "reports/wrapped.hpp"

namespace gpubench {
namespace {

bool all_equal(const ReportTable& table, std::size_t column) {
  return std::ranges::all_of(table.rows, [&](const auto& row) { return row[column] == table.rows.front()[column]; });
}

std::string rendered(const ReportTable& table, int most_dispensable, std::size_t rows, bool with_sentences = true) {
  Columns columns;
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto& column = table.columns[i];
    if (column.dispensable > most_dispensable || (column.may_be_cut && !with_sentences)) continue;
    if (column.heading == "level" && all_equal(table, i)) continue;  // said once, above
    kept.push_back(i);
    columns.add_column(column.heading, column.right ? Columns::Align::right : Columns::Align::left);
  }
  for (std::size_t row = 0; row < rows; ++row) {
    std::vector<std::string> cells;
    for (const std::size_t i : kept) cells.push_back(table.rows[row][i]);
    columns.add_row(cells);
  }
  return columns.text("  ");
}

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    widest = std::max(widest, width_of(std::string_view(text).substr(at, end - at)));
    at = end + 1;
  }
  return widest;
}

std::string cut(const std::string& text, std::size_t width) {
  std::string lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    if (width_of(line) > width) {
      while (width_of(line) > width - 1) {
        line.pop_back();
        while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0U) == 0x80U) line.pop_back();
      }
      line += "…";
    }
    lines += line + "\n";
    at = end + 1;
  }
  return lines;
}

std::string level_text(const ReportTable& table) {
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if (table.columns[i].heading == "level" && all_equal(table, i))
      return fmt::format(" · same {}", table.rows.front()[i]);
  return {};
}

}  // namespace

std::string table_text(const ReportTable& table, std::size_t width) {
  const std::size_t rows =
      table.most_on_screen == 0 ? table.rows.size() : std::min(table.most_on_screen, table.rows.size());
  int most = 0;
  for (const auto& column : table.columns) most = std::max(most, column.dispensable);
  constexpr std::size_t least_of_a_sentence = 26;
  const bool sentences = table.columns.back().may_be_cut &&
                         std::ranges::any_of(table.rows, [](const auto& row) { return !row.back().empty(); });
  const std::size_t room = sentences ? width - least_of_a_sentence : width;
  while (most > 0 && widest_line(rendered(table, most, rows, false)) > room) --most;
  std::string text = rendered(table, most, rows);
  text = fmt::format("{}{}\n{}", table.title, level_text(table), cut(text, width));
  if (rows < table.rows.size())
    text += fmt::format("  ... and {} more: --json and --markdown have them all\n", table.rows.size() - rows);
  for (const std::string& note : table.notes) text += fmt::format("  {}\n", wrapped(note, 2, 4, width));
  return text;
}

std::string comparison_text(const Comparison& comparison, std::size_t width) {
  std::string text;
  for (const std::string& sentence : answer(comparison)) text += fmt::format("{}\n", wrapped(sentence, 0, 2, width));
  text += fmt::format("\nA  {}\nB  {}\n", comparison.a.title, comparison.b.title);
  if (const std::string columns = legend(comparison); !columns.empty())
    text += fmt::format("{}\n", wrapped(columns, 0, 2, width));
  for (const ReportTable& table : tables_of(comparison)) text += fmt::format("\n{}", table_text(table, width));
  if (!comparison.remarks.empty() || !comparison.broken.empty()) text += "\n";
  for (const std::string& remark : comparison.remarks) text += fmt::format("{}\n", wrapped(remark, 0, 2, width));
  for (const std::string& file : comparison.broken)
    text += fmt::format("{}\n", wrapped("skipped: " + file, 0, 2, width));
  const auto compared = static_cast<std::size_t>(comparison.compared());
  text += fmt::format("\ncompared {}, not comparable {}, only in A {}, only in B {}\n",
                      compared,
                      comparison.rows.size() - compared,
                      comparison.only_a.size(),
                      comparison.only_b.size());
  return text;
}

}  // namespace gpubench
