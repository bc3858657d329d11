#pragma once

#include <string>
#include <vector>

#include "reports/history/archive.hpp"

namespace gpubench {

// What comes out of a history again. The archive must have been read with details.

/// A run as a run file has it. Samples are not kept: a row has one, its median, and a label says so.
Run run_of(const Archive& archive, const KeptRun& run);

/// `node7-20261120T193000Z-1a2b3c4d.json`: no two runs have the same.
std::string export_name(const KeptRun& run);

/// One JSON object a launch, a line each: night, series, status, value, conditions, readings.
std::string json_lines(const Archive& archive);

}  // namespace gpubench
