#pragma once

#include "harness/app/cli.hpp"

namespace gpubench {

/// `gpubench reference list` and `gpubench reference show NAME`, for people or as JSON. @throws UsageError
int reference_command(const Options& options);

}  // namespace gpubench
