#pragma once

#include "harness/app/cli.hpp"

namespace gpubench {

/// Judges the nodes of a folder of run files, or of a history, against their peers. @returns the status of DESIGN 4.
/// @throws UsageError
int fleet_command(const Options& options);

}  // namespace gpubench
