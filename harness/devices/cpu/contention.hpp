#pragma once

#include <filesystem>
#include <optional>
#include <span>

#include "harness/device.hpp"

namespace gpubench::cpu {

/// Counters at one moment; all of them only grow.
struct Load {
  double busy_seconds = 0;   ///< of the allowed processors, by anybody; stolen by the host included
  double total_seconds = 0;  ///< of the allowed processors, idle included
  double own_seconds = 0;    ///< of this process
  double involuntary_switches = 0;
  std::optional<double> pressure_seconds{};  ///< some task waited for a processor; none before Linux 4.20
};

/// Reads `proc/stat` for `cpus` and `proc/pressure/cpu` under `root`; own figures are left at zero.
Load machine_load(const std::filesystem::path& root, std::span<const int> cpus, double ticks_per_second);
/// Of this process: processor time of all its threads, and how often they were put off.
void add_own_load(Load& load);

/// What others did between two moments, as readings and, above a share of 5 %, a label.
Watch::Seen contention(const Load& before, const Load& after);

}  // namespace gpubench::cpu
