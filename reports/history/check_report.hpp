#pragma once

#include <cstddef>
#include <string>

#include "reports/history/checked.hpp"
#include "reports/json.hpp"

namespace gpubench {

/// The version of `gpubench check --json`: `gpubench_check`.
inline constexpr int check_version = 1;

/// The one line to read, then a table a device and the coverage line of each node.
std::string check_text(const Checked& checked, std::size_t width);
Json to_json(const Checked& checked);

/// The schema's own text (reports/schema/check.v1.json).
const char* check_schema();

/// `ran 41, unsupported 6, failed 0, not in baseline 2, missing 0`
std::string coverage_text(const CheckedNode& node);

}  // namespace gpubench
