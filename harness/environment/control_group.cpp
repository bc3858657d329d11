#include "harness/environment/control_group.hpp"

#include <optional>
#include <string>

#include <fmt/format.h>

#include "harness/environment/system_file.hpp"

namespace gpubench {
namespace {

/// From `/proc/self/cgroup`: `0::/a/b` is version 2, `4:memory,hugetlb:/a/b` version 1.
std::optional<std::string> group_path(const std::string& text, std::string_view controller, int version) {
  for (const std::string& line : lines_of(text)) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = fmt::format(",{},", line.substr(first + 1, second - first - 1));
    const bool wanted =
        version == 2 ? controllers == ",," : controllers.find(fmt::format(",{},", controller)) != std::string::npos;
    if (wanted) return line.substr(second + 1);
  }
  return std::nullopt;
}

}  // namespace

ControlGroup control_group(const std::filesystem::path& root, std::string_view controller) {
  namespace fs = std::filesystem;
  const std::string text = system_file(root / "proc/self/cgroup");
  for (const int version : {2, 1}) {
    const auto path = group_path(text, controller, version);
    const fs::path mount = version == 2 ? root / "sys/fs/cgroup" : root / "sys/fs/cgroup" / controller;
    std::error_code ignored;
    if (!path || !fs::exists(version == 2 ? mount / "cgroup.controllers" : mount, ignored)) continue;
    ControlGroup group{.version = version};
    // In a container the path may be the host's and not exist here; the mount itself is then the container's own group.
    fs::path folder = fs::path(*path).relative_path().lexically_normal();
    for (; !folder.empty() && folder != "."; folder = folder.parent_path())
      if (fs::exists(mount / folder, ignored)) group.folders.push_back(mount / folder);
    group.folders.push_back(mount);
    return group;
  }
  return {};
}

}  // namespace gpubench
