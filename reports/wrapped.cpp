#include "reports/wrapped.hpp"

#include <sstream>

#include <fmt/format.h>

#include "reports/columns.hpp"

namespace gpubench {

std::string wrapped(std::string_view text, std::size_t at, std::size_t indent, std::size_t width) {
  std::istringstream words{std::string(text)};
  std::string lines;
  std::size_t column = at;
  bool first = true;
  for (std::string word; words >> word; first = false) {
    if (!first && column + 1 + width_of(word) > width) {
      lines += fmt::format("\n{:{}}", "", indent);
      column = indent;
    } else if (!first) {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += width_of(word);
  }
  return lines;
}

}  // namespace gpubench
