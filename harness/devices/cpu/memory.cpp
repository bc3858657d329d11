#include "harness/devices/cpu/memory.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>

#include "harness/devices/cpu/proc.hpp"
#include "harness/environment/control_group.hpp"

namespace gpubench::cpu {
namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();

/// `inactive_file 4096` in memory.stat: pages that the kernel gives back before it kills anybody.
double reclaimable(const std::filesystem::path& file, const std::string& key) {
  std::istringstream words(text_of_file(file));
  std::string word;
  double value = 0;
  while (words >> word >> value)
    if (word == key) return value;
  return 0;
}

double left_in_groups(const std::filesystem::path& root) {
  const ControlGroup group = control_group(root, "memory");
  const bool two = group.version == 2;
  double left = unlimited;
  for (const auto& folder : group.folders) {
    const auto limit = number_in(folder / (two ? "memory.max" : "memory.limit_in_bytes"));
    const auto used = number_in(folder / (two ? "memory.current" : "memory.usage_in_bytes"));
    if (!limit || !used) continue;  // also `max`: no limit at this level
    const double held = *used - reclaimable(folder / "memory.stat", two ? "inactive_file" : "total_inactive_file");
    left = std::min(left, *limit - std::max(held, 0.0));
  }
  return left;
}

/// From `Max address space  8388608  unlimited  bytes`, the soft limit.
double left_of_address_space(const std::filesystem::path& root) {
  constexpr std::string_view title = "Max address space";
  std::istringstream lines(text_of_file(root / "proc/self/limits"));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(title)) continue;
    char* end = nullptr;
    const char* soft = line.c_str() + title.size();
    const double limit = std::strtod(soft, &end);
    if (end == soft) return unlimited;
    return limit - kilobytes(text_of_file(root / "proc/self/status"), "VmSize").value_or(0);
  }
  return unlimited;
}

}  // namespace

double available_memory(const std::filesystem::path& root) {
  const double machine = kilobytes(text_of_file(root / "proc/meminfo"), "MemAvailable").value_or(unlimited);
  return std::max(0.0, std::min({machine, left_in_groups(root), left_of_address_space(root)}));
}

double total_memory(const std::filesystem::path& root) {
  return kilobytes(text_of_file(root / "proc/meminfo"), "MemTotal").value_or(0);
}

std::optional<double> peak_memory(const std::filesystem::path& root) {
  return kilobytes(text_of_file(root / "proc/self/status"), "VmHWM");
}

bool reset_peak(const std::filesystem::path& root) {
  std::ofstream file(root / "proc/self/clear_refs");
  file << "5" << std::flush;  // 5 is only the high-water mark (proc(5))
  return file.good();
}

}  // namespace gpubench::cpu
