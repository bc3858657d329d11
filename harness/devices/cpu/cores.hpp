#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gpubench::cpu {

/// `Intel(R) Xeon(R) Platinum 8480+`, from /proc/cpuinfo; `CPU` where it does not say.
std::string model(const std::filesystem::path& root);

/// Processors that this process may be scheduled on.
std::vector<int> allowed_cpus();

/// Processors' worth of time a control group grants; none without a quota.
std::optional<double> cpu_quota(const std::filesystem::path& root);

/// Cores that are worth a thread each: allowed ones, no more than the quota, at least one.
int usable_cores(int allowed, std::optional<double> quota);

}  // namespace gpubench::cpu
