#pragma once

#include <string>
#include <vector>

#include "reports/json.hpp"

namespace gpubench {

/// Where `json` breaks the schema of run files: `/benchmarks/3/gpubench/status: ..., found "fine"`.
std::vector<std::string> schema_problems(const Json& json);
/// The same for another JSON Schema, given as its text.
std::vector<std::string> schema_problems(const Json& json, const std::string& schema_text);

}  // namespace gpubench
