#include "harness/app/oom_kills.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace gpubench {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Where our memory group may have its count: version 2 first, then version 1. In a container the group's path is
/// often that of the host, and the files lie at the root.
std::optional<long> of_our_group() {
  std::istringstream groups(text_of("/proc/self/cgroup"));
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1), path = line.substr(second + 1);
    const bool unified = controllers.empty();
    if (!unified && controllers != "memory") continue;
    const std::filesystem::path root = unified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
    const char* const file = unified ? "memory.events" : "memory.oom_control";
    for (const auto& folder : {root / std::filesystem::path(path).relative_path(), root})
      if (const auto count = oom_kills_in(text_of(folder / file))) return count;
  }
  return std::nullopt;
}

}  // namespace

std::optional<long> oom_kills_in(std::string_view text) {
  std::istringstream lines{std::string(text)};
  for (std::string key, value; lines >> key >> value;)
    if (key == "oom_kill") return std::stol(value);
  return std::nullopt;
}

std::optional<long> oom_kills() {
  if (const auto count = of_our_group()) return count;
  return oom_kills_in(text_of("/proc/vmstat"));
}

}  // namespace gpubench
