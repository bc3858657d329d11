#include "harness/environment/usable_cpus.hpp"

#include <algorithm>
#include <charconv>
#include <sched.h>
#include <string>
#include <string_view>

#include "harness/environment/system_file.hpp"

namespace gpubench {
namespace {

std::optional<double> number_of(const std::string& text) {
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() ? std::optional(number) : std::nullopt;  // `max` is no number: no limit
}

/// quota / period in processors; a quota of `max` or -1 is none.
std::optional<double> share(const std::string& quota, const std::string& period) {
  const auto granted = number_of(quota), every = number_of(period);
  if (!granted || !every || *granted <= 0 || *every <= 0) return std::nullopt;
  return *granted / *every;
}

std::optional<double> share_in(const std::filesystem::path& folder, bool version_2) {
  if (!version_2) return share(system_file(folder / "cpu.cfs_quota_us"), system_file(folder / "cpu.cfs_period_us"));
  const std::string text = system_file(folder / "cpu.max");
  const auto blank = text.find(' ');
  return blank == std::string::npos ? std::nullopt : share(text.substr(0, blank), text.substr(blank + 1));
}

/// Where the hierarchy of a line of /proc/self/cgroup (`0::/a/b`, `1:cpu,cpuacct:/a/b`) is mounted, and whether it is
/// version 2; none when it is not about processor time.
struct Hierarchy {
  std::filesystem::path mount{};
  std::filesystem::path group{};
  bool version_2 = false;
};
std::optional<Hierarchy> hierarchy_of(const std::string& line, const std::filesystem::path& root) {
  const auto first = line.find(':');
  const auto second = line.find(':', first == std::string::npos ? first : first + 1);
  if (second == std::string::npos) return std::nullopt;
  const std::string controllers = line.substr(first + 1, second - first - 1);
  const std::filesystem::path group = std::filesystem::path(line.substr(second + 1)).relative_path();
  const std::filesystem::path mounts = root / "sys/fs/cgroup";
  if (controllers.empty()) return Hierarchy{.mount = mounts, .group = group, .version_2 = true};
  if (controllers == "cpu" || controllers.starts_with("cpu,") || controllers.find(",cpu,") != std::string::npos ||
      controllers.ends_with(",cpu"))
    return Hierarchy{.mount = mounts / "cpu", .group = group};
  return std::nullopt;
}

}  // namespace

int affinity_cpus() {
  for (int processors = 1024; processors <= 1 << 20; processors *= 4) {  // the kernel refuses a set that is too small
    cpu_set_t* set = CPU_ALLOC(static_cast<std::size_t>(processors));
    if (set == nullptr) return 0;
    const std::size_t bytes = CPU_ALLOC_SIZE(static_cast<std::size_t>(processors));
    const int count = sched_getaffinity(0, bytes, set) == 0 ? CPU_COUNT_S(bytes, set) : 0;
    CPU_FREE(set);
    if (count > 0) return count;
  }
  return 0;
}

std::optional<double> granted_cpus(const std::filesystem::path& root) {
  std::optional<double> smallest;
  for (const std::string& line : lines_of(system_file(root / "proc/self/cgroup"))) {
    const auto hierarchy = hierarchy_of(line, root);
    if (!hierarchy) continue;
    // In a container the mount shows only its own group, under a path that does not say so: the walk up finds it.
    for (std::filesystem::path group = hierarchy->group;; group = group.parent_path()) {
      if (const auto granted = share_in(hierarchy->mount / group, hierarchy->version_2))
        smallest = std::min(smallest.value_or(*granted), *granted);
      if (group.empty()) break;
    }
  }
  return smallest;
}

std::optional<int> quota_cpus(const std::filesystem::path& root) {
  const auto granted = granted_cpus(root);
  return granted ? std::optional(std::max(1, static_cast<int>(*granted))) : std::nullopt;
}

}  // namespace gpubench
