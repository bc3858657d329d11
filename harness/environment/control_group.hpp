#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace gpubench {

/// The control group of this process for one controller.
struct ControlGroup {
  std::vector<std::filesystem::path> folders{};  ///< its own first, then those above it: any of them may limit it
  int version = 2;
};

/// Existing folders only, none where control groups are not mounted. Version 2 first, else version 1.
/// @param controller `memory`, `cpu`, `cpuset`. @param root where `proc` and `sys` are
ControlGroup control_group(const std::filesystem::path& root, std::string_view controller);

}  // namespace gpubench
