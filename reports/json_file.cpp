#include "reports/json_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "harness/core/error.hpp"

namespace gpubench {
namespace {

[[noreturn]] void complain(const std::filesystem::path& path, const std::string& what) {
  throw UsageError(fmt::format("{}: {}", path.string(), what));
}

/// nlohmann's sentence without its prefix: `unexpected end of input; expected '}'`.
std::string reason_of(std::string_view what) {
  for (const std::string_view before : {"syntax error while parsing ", "syntax error ", "column "}) {
    const auto at = what.find(before);
    if (at != std::string_view::npos) return std::string(what.substr(at + before.size()));
  }
  return std::string(what);
}

/// @param first_line the number of the text's first line in its file
Json parsed(const std::filesystem::path& path, std::string_view text, std::size_t first_line) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    throw UsageError(not_json_text(path, text, first_line, error.byte, error.what()));
  }
}

std::optional<Json> parsed_if_possible(std::string_view text) {
  Json json = Json::parse(text, nullptr, false);
  return json.is_discarded() ? std::nullopt : std::optional(std::move(json));
}

bool is_context_line(const Json& json) {
  return json.is_object() && json.size() == 1 && json.contains("context") && json["context"].is_object();
}

/// The lines after the context, each a row.
Json rows_of_journal(const std::filesystem::path& path, std::string_view text) {
  Json rows = Json::array();
  for (std::size_t line = 2; !text.empty(); ++line) {
    const auto end = text.find('\n');
    const bool cut_short = end == std::string_view::npos;
    const std::string_view row = text.substr(0, end);
    text.remove_prefix(cut_short ? text.size() : end + 1);
    if (cut_short && !parsed_if_possible(row)) break;
    rows.push_back(parsed(path, row, line));
  }
  return rows;
}

}  // namespace

std::string text_of_json_file(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) complain(path, "a folder, expected a run file");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) complain(path, fmt::format("cannot read: {}", std::strerror(errno)));  // NOLINT(concurrency-mt-unsafe)
  std::string text;
  file.seekg(0, std::ios::end);
  const auto size = file.tellg();
  file.clear();
  file.seekg(0);
  file.clear();
  if (size > 0) {
    text.resize(static_cast<std::size_t>(size));
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
  } else {  // a pipe has no size
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  if (file.bad()) complain(path, "cannot read it to its end");
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) complain(path, "empty, expected a gpubench run file");
  return text;
}

std::string not_json_text(const std::filesystem::path& path,
                          std::string_view text,
                          std::size_t first_line,
                          std::size_t byte,
                          std::string_view what) {
  const std::string_view before = text.substr(0, std::min(byte > 0 ? byte - 1 : 0, text.size()));
  const auto lines = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t column = before.size() - (lines == 0 ? 0 : before.rfind('\n') + 1) + 1;
  return fmt::format(
      "{}: line {}, column {}: not JSON: {}", path.string(), first_line + lines, column, reason_of(what));
}

Json read_json_file(const std::filesystem::path& path) {
  const std::string text = text_of_json_file(path);
  const auto end_of_first = std::min(text.find('\n'), text.size());
  const auto first = parsed_if_possible(std::string_view(text).substr(0, end_of_first));
  if (!first || !is_context_line(*first)) return parsed(path, text, 1);
  Json json = *first;
  if (json["context"].contains("gpubench") && json["context"]["gpubench"].is_object())
    json["context"]["gpubench"]["complete"] = false;
  json["benchmarks"] = rows_of_journal(path, std::string_view(text).substr(std::min(end_of_first + 1, text.size())));
  return json;
}

}  // namespace gpubench
