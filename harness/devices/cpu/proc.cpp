#include "harness/devices/cpu/proc.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

namespace gpubench::cpu {

std::string text_of_file(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::optional<double> kilobytes(std::string_view text, std::string_view key) {
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(key) && line.size() > key.size() && line[key.size()] == ':')
      return 1024 * std::strtod(line.c_str() + key.size() + 1, nullptr);
  return std::nullopt;
}

std::optional<double> number_in(const std::filesystem::path& file) {
  const std::string text = text_of_file(file);
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (end == text.c_str()) return std::nullopt;
  return number;
}

}  // namespace gpubench::cpu
