#include "harness/devices/cuda/clock_probe.hpp"

#include <algorithm>
#include <vector>

#include "harness/measure/statistics.hpp"

namespace gpubench::cuda {

std::optional<double> clock_between(std::span<const ClockReading> before, std::span<const ClockReading> after) {
  constexpr std::uint64_t least_nanoseconds = 1'000'000;
  std::vector<double> clocks;
  for (std::size_t sm = 0; sm < std::min(before.size(), after.size()); ++sm) {
    const ClockReading &from = before[sm], &to = after[sm];
    if (from.nanoseconds == 0 || to.nanoseconds < from.nanoseconds + least_nanoseconds || to.cycles <= from.cycles)
      continue;
    clocks.push_back(1e9 * static_cast<double>(to.cycles - from.cycles) /
                     static_cast<double>(to.nanoseconds - from.nanoseconds));
  }
  if (clocks.empty()) return std::nullopt;
  return median(clocks);
}

}  // namespace gpubench::cuda
