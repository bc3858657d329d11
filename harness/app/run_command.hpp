#pragma once

#include <string>
#include <vector>

#include "harness/app/cli.hpp"
#include "harness/app/program.hpp"

namespace gpubench {

/// `gpubench run`: probes, plans, measures, keeps, writes and shows. @returns the exit status. @throws UsageError,
/// Interrupted when there is nothing to keep
int run_command(const Program& program, const Options& options, const std::vector<std::string>& command_line);

}  // namespace gpubench
