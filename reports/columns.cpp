#include "reports/columns.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace gpubench {
namespace {

struct Unit {
  double from;     ///< seconds from which on it is used
  double seconds;  ///< in one
  const char* name;
};

const Unit& unit_for(double seconds) {
  static constexpr Unit units[] = {
      {2 * 3600, 3600, "h"}, {120, 60, "min"}, {1, 1, "s"}, {1e-3, 1e-3, "ms"}, {1e-6, 1e-6, "µs"}, {0, 1e-9, "ns"}};
  return *std::ranges::find_if(units, [seconds](const Unit& unit) { return seconds >= unit.from; });
}

/// Decimals that leave three digits or four; hours and minutes are round figures.
int decimals_of(double value, const Unit& unit) {
  if (unit.seconds > 1) return 1;
  if (value <= 0) return 0;
  if (value >= 10) return value < 100 ? 1 : 0;
  return std::clamp(2 - static_cast<int>(std::floor(std::log10(value))), 3, 6);
}

}  // namespace

std::size_t width_of(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::vector<std::string> texts_in_one_unit(std::span<const std::optional<double>> seconds) {
  double longest = 0;
  for (const auto& one : seconds) longest = std::max(longest, one.value_or(0));
  const Unit& unit = unit_for(longest);
  int decimals = 0;
  for (const auto& one : seconds) decimals = std::max(decimals, one ? decimals_of(*one / unit.seconds, unit) : 0);
  std::vector<std::string> texts;
  for (const auto& one : seconds)
    texts.push_back(one ? fmt::format("{:.{}f} {}", *one / unit.seconds, decimals, unit.name) : "");
  return texts;
}

void Columns::add_column(std::string heading, Align align) { columns_.push_back({std::move(heading), align}); }

void Columns::add_row(std::vector<std::string> cells) { rows_.push_back({.cells = std::move(cells)}); }

void Columns::add_sentence(std::vector<std::string> first_cells, std::string sentence) {
  rows_.push_back({.cells = std::move(first_cells), .sentence = std::move(sentence)});
}

bool Columns::is_used(std::size_t column) const {
  return std::ranges::any_of(
      rows_, [column](const Row& row) { return column < row.cells.size() && !row.cells[column].empty(); });
}

std::string Columns::line(const Row& row, const std::vector<std::size_t>& widths) const {
  std::string text;
  for (std::size_t i = 0; i < std::min(columns_.size(), row.cells.size()); ++i) {
    if (widths[i] == 0) continue;
    const std::string blanks(widths[i] - width_of(row.cells[i]), ' ');
    text += columns_[i].align == Align::left ? row.cells[i] + blanks : blanks + row.cells[i];
    text += "  ";
  }
  text += row.sentence;
  return text.erase(text.find_last_not_of(' ') + 1);
}

std::string Columns::text(std::string_view indent) const {
  Row headings;
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    headings.cells.push_back(columns_[i].heading);
    std::size_t width = width_of(columns_[i].heading);
    for (const Row& row : rows_)
      if (i < row.cells.size()) width = std::max(width, width_of(row.cells[i]));
    widths.push_back(is_used(i) ? width : 0);
  }
  std::string text = fmt::format("{}{}\n", indent, line(headings, widths));
  for (const Row& row : rows_) text += fmt::format("{}{}\n", indent, line(row, widths));
  return text;
}

}  // namespace gpubench
