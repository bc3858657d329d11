#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "harness/run.hpp"

namespace gpubench {

/// `gpubench-<host>-<UTC as 20261120T193000Z>.json`
std::string default_run_file(const Context& context);

/// What a run file holds: strict JSON, a row a line.
std::string text_of_run_file(const Run& run);

/// Writes strict JSON to a temporary file beside `path`, flushes it to the disk and renames it, so that `path` is
/// either the old file or the whole new one; a device or a pipe is written to as it is. @throws UsageError with path
/// and cause
void write_run(const Run& run, const std::filesystem::path& path);

/// The same for any text. @param what it is, for the complaint: `comparison`
void write_text(const std::filesystem::path& path, const std::string& text, std::string_view what);

/// A run file, or the journal of a run that did not end (then `complete` is false; a last line cut short is dropped).
/// @throws UsageError with path, position and what was expected
Run read_run(const std::filesystem::path& path);
/// The same for a run file's text. @param name for complaints
Run run_of_text(std::string_view text, const std::string& name);

}  // namespace gpubench
