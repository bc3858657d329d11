#pragma once

#include "harness/app/cli.hpp"
#include "harness/app/program.hpp"

namespace gpubench {

/// `gpubench list`: suites, cases, and whether this machine can run each. @returns the exit status. @throws UsageError
int list_command(const Program& program, const Options& options);

}  // namespace gpubench
