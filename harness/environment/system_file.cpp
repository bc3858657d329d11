#include "harness/environment/system_file.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>

namespace gpubench {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// The pieces of a text between separators.
std::vector<std::string_view> pieces_of(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    pieces.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return pieces;
}

int number_of(std::string_view text) {
  int number = 0;
  (void)std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::string system_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(std::size_t{16} * 1024, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return std::string(trimmed(text));
}

std::vector<std::string> lines_of(std::string_view text) {
  const auto pieces = pieces_of(text, '\n');
  return {pieces.begin(), pieces.end()};
}

std::string value_of(std::string_view text, std::string_view key, char separator) {
  for (const std::string_view line : pieces_of(text, '\n')) {
    const auto at = line.find(separator);
    if (at != std::string_view::npos && trimmed(line.substr(0, at)) == key)
      return std::string(trimmed(line.substr(at + 1)));
  }
  return {};
}

int count_of_list(std::string_view list) {
  int count = 0;
  for (const std::string_view range : pieces_of(trimmed(list), ',')) {
    const auto dash = range.find('-');
    if (range.empty()) continue;
    count +=
        dash == std::string_view::npos ? 1 : number_of(range.substr(dash + 1)) - number_of(range.substr(0, dash)) + 1;
  }
  return count;
}

std::vector<int> numbers_of_list(std::string_view list) {
  constexpr int most = 65536;  // a kernel has fewer; a broken file shall not fill the memory
  std::vector<int> numbers;
  for (const std::string_view range : pieces_of(trimmed(list), ',')) {
    if (range.empty()) continue;
    const auto dash = range.find('-');
    const int first = number_of(range.substr(0, dash));
    const int last = dash == std::string_view::npos ? first : number_of(range.substr(dash + 1));
    for (int number = first; number <= std::min(last, most); ++number) numbers.push_back(number);
  }
  return numbers;
}

}  // namespace gpubench
