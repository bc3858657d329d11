#pragma once

#include <filesystem>
#include <string>

#include "reports/compare/side.hpp"

namespace gpubench {

/// A run file or journal, or every run file and journal in a folder and the folders below it, as one side. Files are
/// read one part at a time by as many threads as there are processors. In a folder one that is broken is named
/// (Side::broken) and skipped. @throws UsageError when the only file is broken, or a folder has none that can be read
Side side_of_runs(const std::filesystem::path& path);

}  // namespace gpubench
