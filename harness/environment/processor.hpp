#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gpubench {

/// The processors of this machine and those that this process may use. What cannot be read stays empty or 0.
struct Processor {
  /// How some logical processors are spread. SMT siblings share a core.
  struct Spread {
    int cpus = 0;
    int cores = 0;    ///< 0 where the kernel does not say
    int sockets = 0;  ///< the same
  };
  std::string model{};
  Spread machine{};                             ///< all that are online
  Spread ours{};                                ///< of the affinity mask
  std::string allowed{};                        ///< the affinity mask as a list: `0-1,4`
  std::string group_set{};                      ///< what the control group allows, `0-7`; empty where it does not say
  std::optional<double> group_quota{};          ///< processors' worth of time; none without a quota
  std::vector<std::string> instruction_sets{};  ///< of those that matter to training, in the order of their age
  bool virtual_machine = false;
};

/// @param root where `proc` and `sys` are
Processor capture_processor(const std::filesystem::path& root = "/");

/// Who sets the clock of the processors.
struct ClockPolicy {
  std::string governor{};       ///< `performance`; several joined by `, `; empty where the machine does not show one
  std::string driver{};         ///< `intel_pstate`
  std::optional<bool> turbo{};  ///< none where it cannot be read
};
ClockPolicy capture_clock_policy(const std::filesystem::path& root = "/");

}  // namespace gpubench
