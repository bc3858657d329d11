#pragma once

#include <string>
#include <vector>

#include "harness/app/interrupt.hpp"
#include "harness/app/program.hpp"
#include "harness/app/protocol.hpp"

namespace gpubench {

/// What a worker found before anything is measured.
struct Probed {
  Hello hello{};
  std::vector<Candidate> cases{};
};

/// Asks a worker for the devices and for the cases of some suites.
/// @param under_load GPUs are kept busy for a moment, to read what they do not show while idle
/// @throws UsageError when it cannot tell, Interrupted
Probed probe(const Program& program,
             const std::vector<std::string>& suites,
             const std::string& device,
             const SuiteOptions& options,
             const Interrupt& interrupt,
             bool under_load = false);

/// The suites of these names; all that are part of this version when there is none. @throws UsageError
std::vector<std::string> known_suites(const Program& program, const std::vector<std::string>& asked);

}  // namespace gpubench
