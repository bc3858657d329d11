#pragma once

#include <string_view>

#include "reports/verdict/fleet_groups.hpp"

namespace gpubench {

struct ProblemSubsystem {
  std::string_view problem{};  ///< first word of the case name
  Subsystem subsystem{};
};

/// What of a node a problem wears on. A training step is compute: what slows links down shows in cases of their own.
inline constexpr ProblemSubsystem problem_subsystems[] = {{"gemm", Subsystem::compute},
                                                          {"conv", Subsystem::compute},
                                                          {"train", Subsystem::compute},
                                                          {"memory", Subsystem::memory},
                                                          {"h2d", Subsystem::links},
                                                          {"nvlink", Subsystem::links},
                                                          {"allreduce", Subsystem::links},
                                                          {"allgather", Subsystem::links},
                                                          {"reducescatter", Subsystem::links},
                                                          {"broadcast", Subsystem::links},
                                                          {"alltoall", Subsystem::links},
                                                          {"launch", Subsystem::host},
                                                          {"input", Subsystem::host}};

/// A problem that the table does not have counts as compute.
constexpr Subsystem subsystem_of(std::string_view case_name) {
  const std::string_view problem = case_name.substr(0, case_name.find('/'));
  for (const ProblemSubsystem& one : problem_subsystems)
    if (one.problem == problem) return one.subsystem;
  return Subsystem::compute;
}

}  // namespace gpubench
