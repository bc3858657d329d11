#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gpubench {

/// The memory of this machine and what keeps this process from it; bytes. What cannot be read stays empty or 0.
struct MemoryLimits {
  struct Node {
    int id = 0;
    double bytes = 0;
    std::string cpus{};  ///< `0-31,64-95`
  };
  double total = 0;
  double available = 0;                   ///< what the kernel could give without swapping
  std::optional<double> group_limit{};    ///< the smallest of the control group's and those above
  double group_used = 0;                  ///< of the group with that limit, without file pages it would give back
  std::optional<double> address_space{};  ///< ulimit -v
  std::string huge_pages{};               ///< of anonymous memory: `always`, `madvise` or `never`
  std::vector<Node> nodes{};              ///< of NUMA, that have memory
  std::string allowed_nodes{};            ///< that this process may take memory from: `0-1`
};

/// @param root where `proc` and `sys` are
MemoryLimits capture_memory_limits(const std::filesystem::path& root = "/");

}  // namespace gpubench
