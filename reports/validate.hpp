#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace gpubench {

/// Checks a run file (or journal) against the JSON Schema that ships inside the program, and what a schema cannot say
/// (medians that are the medians, unique names). @returns what is wrong, each with its place (`/benchmarks/3/real_time:
/// ...`); empty when nothing is. @throws UsageError when the file cannot be read or is no JSON, with line and column
std::vector<std::string> problems_of(const std::filesystem::path& path);

/// The schema's own text.
const char* run_schema();

}  // namespace gpubench
