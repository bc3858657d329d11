#include "reports/compare/case_key.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace gpubench {
namespace {

std::vector<std::string> split(std::string_view text, char by) {
  std::vector<std::string> pieces;
  while (true) {
    const std::size_t end = text.find(by);
    pieces.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::string joined(const std::vector<std::string>& pieces) {
  std::string text;
  for (const std::string& piece : pieces) text += (text.empty() ? "" : "/") + piece;
  return text;
}

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// Takes `b16` (or `n16`) off the front of a piece. @returns 16, or 0 where it does not begin so
int take_batch(std::string& piece, char letter) {
  if (piece.size() < 2 || piece[0] != letter || !is_digit(piece[1])) return 0;
  int batch = 0;
  const auto [end, error] = std::from_chars(piece.data() + 1, piece.data() + piece.size(), batch);
  if (error != std::errc{}) return 0;
  piece.erase(0, static_cast<std::size_t>(end - piece.data()));
  return batch;
}

}  // namespace

ProblemOf problem_of(const std::string& run_name) {
  std::vector<std::string> pieces = split(run_name, '/');
  if (pieces.size() > 1) pieces.pop_back();  // the implementation
  ProblemOf told;
  const char letter = pieces.front() == "train" ? 'b' : pieces.front() == "conv" ? 'n' : '\0';
  for (std::size_t i = 1; letter != '\0' && i < pieces.size() && told.batch == 0; ++i)
    told.batch = take_batch(pieces[i], letter);
  std::erase(pieces, "");
  told.problem = joined(pieces);
  return told;
}

std::string without_precision(const std::string& name, const std::string& precision) {
  for (const char by : {'/', '.'})
    for (std::size_t at = name.find(by + precision + by); !precision.empty() && at != std::string::npos;)
      return name.substr(0, at + 1) + "*" + name.substr(at + 1 + precision.size());
  return name;
}

std::string first_word(std::string_view name) { return std::string(name.substr(0, name.find_first_of("/."))); }

FigureUnit unit_of_key(std::string_view key) {
  if (key == "flops_per_second") return {"TFLOP/s", 1e12};
  if (key == "operations_per_second") return {"TOP/s", 1e12};
  if (key.find("bytes_per_second") != std::string_view::npos) return {"GB/s", 1e9};
  if (key == "seconds_per_launch") return {"µs", 1e-6, false};
  constexpr std::string_view rate = "_per_second";
  if (key.ends_with(rate)) return {std::string(key.substr(0, key.size() - rate.size())) + "/s", 1};
  return {"s", 1, false};
}

std::string_view key_of_figure(std::string_view figure, const std::vector<std::string>& keys) {
  const auto pieces = split(figure, '.');
  for (const std::string& key : keys)
    if (std::ranges::find(pieces, key) != pieces.end()) return key;
  return {};
}

bool higher_is_better(std::string_view unit) {
  static constexpr std::array<std::string_view, 7> times{"s", "ms", "µs", "us", "min", "h", "days"};
  return std::ranges::find(times, unit) == times.end();
}

}  // namespace gpubench
