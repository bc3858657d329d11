#include "harness/devices/cpu/proc.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include <fmt/format.h>

namespace gpubench::cpu {
namespace {

/// From `/proc/self/cgroup`: `0::/a/b` is version 2, `4:memory,hugetlb:/a/b` version 1.
std::optional<std::string> group_path(const std::string& text, std::string_view controller, int version) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = fmt::format(",{},", line.substr(first + 1, second - first - 1));
    const bool wanted =
        version == 2 ? controllers == ",," : controllers.find(fmt::format(",{},", controller)) != std::string::npos;
    if (wanted) return line.substr(second + 1);
  }
  return std::nullopt;
}

}  // namespace

std::string text_of_file(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::optional<double> kilobytes(std::string_view text, std::string_view key) {
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(key) && line.size() > key.size() && line[key.size()] == ':')
      return 1024 * std::strtod(line.c_str() + key.size() + 1, nullptr);
  return std::nullopt;
}

Group group_of(const std::filesystem::path& root, std::string_view controller) {
  namespace fs = std::filesystem;
  const std::string text = text_of_file(root / "proc/self/cgroup");
  for (const int version : {2, 1}) {
    const auto path = group_path(text, controller, version);
    const fs::path mount = version == 2 ? root / "sys/fs/cgroup" : root / "sys/fs/cgroup" / controller;
    std::error_code ignored;
    if (!path || !fs::exists(version == 2 ? mount / "cgroup.controllers" : mount, ignored)) continue;
    Group group{.version = version};
    // In a container the path may be the host's and not exist here; the mount itself is then the container's own group.
    fs::path folder = fs::path(*path).relative_path().lexically_normal();
    for (; !folder.empty() && folder != "."; folder = folder.parent_path())
      if (fs::exists(mount / folder, ignored)) group.folders.push_back(mount / folder);
    group.folders.push_back(mount);
    return group;
  }
  return {};
}

std::optional<double> number_in(const std::filesystem::path& file) {
  const std::string text = text_of_file(file);
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (end == text.c_str()) return std::nullopt;
  return number;
}

}  // namespace gpubench::cpu
