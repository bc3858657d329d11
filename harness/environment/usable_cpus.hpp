#pragma once

#include <filesystem>
#include <optional>

namespace gpubench {

/// Logical processors that this process may run on (its affinity); 0 when it cannot be read.
int affinity_cpus();

/// Processors' worth of time that the control groups of this process grant it, as it is set: 1.5. None without a quota.
std::optional<double> granted_cpus(const std::filesystem::path& root = "/");

/// How many processors' time the control groups of this process grant it: the smallest quota of its group and those
/// above, rounded down (a thread more than that would be stopped in the middle of a run), at least 1; none without a
/// quota. Both versions of control groups. @param root where `proc` and `sys` are
std::optional<int> quota_cpus(const std::filesystem::path& root = "/");

}  // namespace gpubench
