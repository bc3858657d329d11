#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "reports/json.hpp"

namespace gpubench {

/// The JSON of a run file. A journal is put together as one: its context line and the rows that were finished, marked
/// `complete: false`; a last line that was cut short is dropped. Nothing is known yet about what the JSON says.
/// @throws UsageError with path, line and column, and what was expected
Json read_json_file(const std::filesystem::path& path);

/// All of a file. @throws UsageError for a folder, an empty file and one that cannot be read
std::string text_of_json_file(const std::filesystem::path& path);

/// `run.json: line 3, column 7: not JSON: unexpected end of input`. @param first_line the number of the text's first
/// line in its file @param byte where nlohmann stopped, counted from 1 @param what its complaint
std::string not_json_text(const std::filesystem::path& path,
                          std::string_view text,
                          std::size_t first_line,
                          std::size_t byte,
                          std::string_view what);

}  // namespace gpubench
