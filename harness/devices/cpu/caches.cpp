#include "harness/devices/cpu/caches.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

#include <fmt/format.h>

#include "harness/devices/cpu/cores.hpp"
#include "harness/devices/cpu/proc.hpp"

namespace gpubench::cpu {
namespace {

constexpr double most = 256e6, unknown = 32e6;

/// `2048K`, `32M`
double bytes_of(const std::string& size) {
  char* unit = nullptr;
  const double number = std::strtod(size.c_str(), &unit);
  return number * (*unit == 'K' ? 1024 : *unit == 'M' ? 1024 * 1024 : 1);
}

/// How many processors a list names: `0-3,8` are five.
int count_of(const std::string& list) {
  int count = 0;
  const char* at = list.c_str();
  for (char* end = nullptr;; at = end + 1) {
    const long first = std::strtol(at, &end, 10);
    if (end == at) return std::max(count, 1);
    long last = first;
    if (*end == '-') last = std::strtol(end + 1, &end, 10);
    count += static_cast<int>(last - first + 1);
    if (*end != ',') return count;
  }
}

}  // namespace

double cache_bytes(const std::filesystem::path& root, std::span<const int> cpus) {
  double sum = 0;
  for (const int cpu : cpus)
    for (int index = 0; index < 8; ++index) {
      const auto folder = root / fmt::format("sys/devices/system/cpu/cpu{}/cache/index{}", cpu, index);
      const double level = number_in(folder / "level").value_or(0);
      if (level != 2 && level != 3) continue;
      sum += bytes_of(text_of_file(folder / "size")) / count_of(text_of_file(folder / "shared_cpu_list"));
    }
  return sum > 0 ? std::min(sum, most) : unknown;
}

double cache_bytes() { return cache_bytes("/", allowed_cpus()); }

}  // namespace gpubench::cpu
