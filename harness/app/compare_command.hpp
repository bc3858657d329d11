#pragma once

#include "harness/app/cli.hpp"

namespace gpubench {

/// Compares two sides, prints what it found and writes the files that were asked for. It judges nothing: 0, 2 when a
/// file was broken, 3 when nothing could be compared. @throws UsageError
int compare_command(const Options& options);

}  // namespace gpubench
