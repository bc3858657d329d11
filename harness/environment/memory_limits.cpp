#include "harness/environment/memory_limits.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "harness/environment/control_group.hpp"
#include "harness/environment/system_file.hpp"

namespace gpubench {
namespace {

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() ? std::optional(number) : std::nullopt;  // `max`, `unlimited`: no number
}

double kilobytes(const std::string& text, const std::string& key) {
  return 1024 * number_of(value_of(text, key, ':')).value_or(0);
}

void capture_group(const std::filesystem::path& root, MemoryLimits& limits) {
  constexpr double no_limit = 1e18;  // version 1 has no word for it: the largest number of pages
  const ControlGroup group = control_group(root, "memory");
  const bool two = group.version == 2;
  for (const auto& folder : group.folders) {
    const auto limit = number_of(system_file(folder / (two ? "memory.max" : "memory.limit_in_bytes")));
    if (!limit || *limit > no_limit || *limit >= limits.group_limit.value_or(no_limit)) continue;
    const auto used = number_of(system_file(folder / (two ? "memory.current" : "memory.usage_in_bytes")));
    const auto given_back =
        value_of(system_file(folder / "memory.stat"), two ? "inactive_file" : "total_inactive_file", ' ');
    limits.group_limit = limit;
    limits.group_used = std::max(0.0, used.value_or(0) - number_of(given_back).value_or(0));
  }
}

/// From `Max address space   8388608   unlimited   bytes`, the soft limit.
std::optional<double> address_space(const std::filesystem::path& root) {
  constexpr std::string_view title = "Max address space";
  for (const std::string& line : lines_of(system_file(root / "proc/self/limits"))) {
    if (!line.starts_with(title)) continue;
    const auto at = line.find_first_not_of(' ', title.size());
    return at == std::string::npos ? std::nullopt : number_of(std::string_view(line).substr(at));
  }
  return std::nullopt;
}

/// The word in brackets: `always [madvise] never`.
std::string chosen(const std::string& text) {
  const auto open = text.find('['), close = text.find(']');
  return open < close && close != std::string::npos ? text.substr(open + 1, close - open - 1) : "";
}

std::vector<MemoryLimits::Node> nodes(const std::filesystem::path& root) {
  const auto folder = root / "sys/devices/system/node";
  std::vector<MemoryLimits::Node> found;
  for (const int id : numbers_of_list(system_file(folder / "online"))) {
    const auto node = folder / fmt::format("node{}", id);
    const double bytes = kilobytes(system_file(node / "meminfo"), fmt::format("Node {} MemTotal", id));
    if (bytes > 0) found.push_back({.id = id, .bytes = bytes, .cpus = system_file(node / "cpulist")});
  }
  return found;
}

}  // namespace

MemoryLimits capture_memory_limits(const std::filesystem::path& root) {
  const std::string meminfo = system_file(root / "proc/meminfo");
  MemoryLimits limits{
      .total = kilobytes(meminfo, "MemTotal"),
      .available = kilobytes(meminfo, "MemAvailable"),
      .address_space = address_space(root),
      .huge_pages = chosen(system_file(root / "sys/kernel/mm/transparent_hugepage/enabled")),
      .nodes = nodes(root),
      .allowed_nodes = value_of(system_file(root / "proc/self/status"), "Mems_allowed_list", ':'),
  };
  capture_group(root, limits);
  return limits;
}

}  // namespace gpubench
