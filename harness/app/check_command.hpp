#pragma once

#include "harness/app/cli.hpp"

namespace gpubench {

/// Judges run files against a baseline or a history and says so. @returns the status of DESIGN 4: 1 a regression or a
/// broken node, 2 a broken file, 3 missing, failed or undecided, else 0. @throws UsageError
int check_command(const Options& options);

}  // namespace gpubench
