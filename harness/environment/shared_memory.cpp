#include "harness/environment/shared_memory.hpp"

#include <charconv>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "harness/environment/system_file.hpp"

namespace gpubench {
namespace {

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() ? std::optional(number) : std::nullopt;
}

/// `rw,nosuid,size=65536k`: the kernel writes it in that unit. Without it half of the memory (tmpfs(5)).
std::optional<double> size_of(const std::string& options, double memory) {
  std::istringstream list(options);
  for (std::string one; std::getline(list, one, ',');)
    if (one.starts_with("size=")) {
      const auto number = number_of(std::string_view(one).substr(5));
      return number ? std::optional(*number * (one.ends_with('k') ? 1024 : 1)) : std::nullopt;
    }
  return memory > 0 ? std::optional(memory / 2) : std::nullopt;
}

/// A host with many mounts has a longer list than system_file reads. The last mount on a place is the one seen.
std::optional<double> shared_bytes(const std::filesystem::path& root) {
  const std::string meminfo = system_file(root / "proc/meminfo");
  const double memory = 1024 * number_of(value_of(meminfo, "MemTotal", ':')).value_or(0);
  std::ifstream mounts(root / "proc/self/mounts");
  std::optional<double> found;
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream words(line);
    std::string what, place, kind, options;
    words >> what >> place >> kind >> options;
    if (place == "/dev/shm" && kind == "tmpfs") found = size_of(options, memory);
  }
  return found;
}

/// From `Max locked memory   8388608   unlimited   bytes`, the soft limit.
std::optional<double> locked_bytes(const std::filesystem::path& root) {
  constexpr std::string_view title = "Max locked memory";
  for (const std::string& line : lines_of(system_file(root / "proc/self/limits"))) {
    if (!line.starts_with(title)) continue;
    const auto at = line.find_first_not_of(' ', title.size());
    return at == std::string::npos ? std::nullopt : number_of(std::string_view(line).substr(at));
  }
  return std::nullopt;
}

}  // namespace

SharedMemory capture_shared_memory(const std::filesystem::path& root) {
  return {.bytes = shared_bytes(root), .locked = locked_bytes(root)};
}

}  // namespace gpubench
