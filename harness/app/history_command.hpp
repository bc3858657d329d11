#pragma once

#include "harness/app/cli.hpp"

namespace gpubench {

/// `gpubench history add|list|show|accept|pin|export|prune`. It judges nothing: 0, or 2 when one of several files was
/// broken. @throws UsageError
int history_command(const Options& options);

}  // namespace gpubench
