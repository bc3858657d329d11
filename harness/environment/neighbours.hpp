#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gpubench {

/// What runs on a machine, at one moment; all seconds only grow.
struct Activity {
  struct Process {
    std::string name{};
    double started = 0;  ///< tells a process from an earlier one with its number; ticks since boot
    double seconds = 0;  ///< of processor time
  };
  double total_seconds = 0;  ///< of all processors, idle included
  double busy_seconds = 0;   ///< by anybody, stolen by the host included
  double stolen_seconds = 0;
  std::map<int, Process> processes{};  ///< by number; of a container only its own
};

/// @param root where `proc` is. @param ticks_per_second of the kernel's clock
Activity capture_activity(const std::filesystem::path& root, double ticks_per_second);

/// Who else used the processors between two moments.
struct Neighbours {
  struct Busy {
    int process = 0;
    std::string name{};
    double share = 0;  ///< of one processor: 2 for two of them
  };
  double share = 0;          ///< of all processors, this process left out
  double stolen_share = 0;   ///< of all processors, by the host of a virtual machine
  std::vector<Busy> busy{};  ///< those above a twentieth of a processor, busiest first
};

/// @param seconds that passed. @param ours the number of this process
Neighbours neighbours(const Activity& before, const Activity& after, double seconds, int ours);

/// Share of the last ten seconds in which some task waited for a processor; none where the kernel does not tell.
std::optional<double> cpu_pressure(const std::filesystem::path& root = "/");

}  // namespace gpubench
