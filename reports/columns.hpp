#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gpubench {

/// Cells of text under their headings, aligned by characters (UTF-8), two blanks between columns, no trailing blanks.
/// A column in which no row has anything is left out.
class Columns {
 public:
  enum class Align { left, right };
  void add_column(std::string heading, Align align = Align::left);
  void add_row(std::vector<std::string> cells);
  /// A row whose first cells are followed by a sentence instead of the other cells.
  void add_sentence(std::vector<std::string> first_cells, std::string sentence);

  /// Heading and rows, each on a line of its own behind `indent`.
  std::string text(std::string_view indent) const;

 private:
  struct Column {
    std::string heading{};
    Align align = Align::left;
  };
  struct Row {
    std::vector<std::string> cells{};
    std::string sentence{};
  };
  bool is_used(std::size_t column) const;
  std::string line(const Row& row, const std::vector<std::size_t>& widths) const;

  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

/// How many characters a terminal shows, for text without wide or combining characters.
std::size_t width_of(std::string_view utf8);

/// Times of one column in one unit, that of the longest, with as many decimals as the shortest needs: `1.571 s`,
/// `0.779 s`. Nothing stays an empty text.
std::vector<std::string> texts_in_one_unit(std::span<const std::optional<double>> seconds);

}  // namespace gpubench
