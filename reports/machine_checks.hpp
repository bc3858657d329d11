#pragma once

#include <map>
#include <string>

#include "harness/environment/memory_limits.hpp"
#include "harness/environment/neighbours.hpp"
#include "harness/environment/processor.hpp"
#include "reports/check.hpp"

namespace gpubench {

// Facts about the machine, judged by what they do to a measurement on its CPU.

/// @param isa what oneDNN will use, `avx512_core_amx`; empty where it is not known
Checks processor_checks(const Processor& processor, const std::string& isa);

/// Variables of the caller's that change how a CPU computes. @param cpus that this process may use
Checks variable_checks(const std::map<std::string, std::string>& variables, int cpus);

Checks clock_checks(const ClockPolicy& policy, const Processor& processor);

Checks memory_checks(const MemoryLimits& limits);

/// @param seconds over which they were watched. @param pressure share of the last ten seconds, none where not known
Checks neighbour_checks(const Neighbours& neighbours,
                        double seconds,
                        std::optional<double> pressure,
                        const std::vector<double>& load_average,
                        int cpus);

}  // namespace gpubench
