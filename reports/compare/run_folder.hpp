#pragma once

#include <filesystem>
#include <vector>

namespace gpubench {

/// The run files (*.json) and journals of runs that did not end, in a folder and the folders below it, by name.
/// @throws UsageError when it cannot be read, or has none
std::vector<std::filesystem::path> run_files_in(const std::filesystem::path& folder);

}  // namespace gpubench
