#pragma once

#include "harness/app/cli.hpp"
#include "harness/app/program.hpp"

namespace gpubench {

/// `gpubench doctor`: looks at the machine, asks a worker for its devices, says what is amiss. @returns the exit
/// status: 1 when an error was found. @throws Interrupted
int doctor_command(const Program& program, const Options& options);

}  // namespace gpubench
