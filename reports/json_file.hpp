#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "reports/json.hpp"

namespace gpubench {

/// The JSON of a run file. A journal is put together as one: its context line and the rows that were finished, marked
/// `complete: false`; a last line that was cut short is dropped. Nothing is known yet about what the JSON says.
/// @throws UsageError with path, line and column, and what was expected
Json read_json_file(const std::filesystem::path& path);

}  // namespace gpubench
