#include "harness/devices/cuda/telemetry_window.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/devices/cuda/nvml/abi.hpp"
#include "harness/measure/statistics.hpp"

namespace gpubench::cuda {
namespace {

using nvml::reason::hardware_slowdown, nvml::reason::hardware_thermal, nvml::reason::software_thermal,
    nvml::reason::power_brake, nvml::reason::power_cap, nvml::reason::idle;

/// The energy counter moves in steps of up to a tenth of a second: 2 % of this.
constexpr double shortest_for_energy = 5;
/// Less of a window moves no median, and boards touch their limits for microseconds all the time.
constexpr double noticeable_share = 0.01;

/// A way in which clocks are held down: which bit and which counter tell of it.
struct Brake {
  unsigned long long bit;
  std::optional<double> SlowdownSeconds::*seconds;
  const char* reading;
  const char* name;
  const char* advice;
};
constexpr Brake cap{power_cap, &SlowdownSeconds::power_cap, "power_cap_share", "power cap", ""};
constexpr Brake brakes[] = {{hardware_thermal,
                             &SlowdownSeconds::hardware_thermal,
                             "hardware_thermal_share",
                             "hardware thermal slowdown",
                             "look at its cooling"},
                            {software_thermal,
                             &SlowdownSeconds::software_thermal,
                             "software_thermal_share",
                             "software thermal slowdown",
                             "look at its cooling"},
                            {power_brake,
                             &SlowdownSeconds::power_brake,
                             "power_brake_share",
                             "power brake",
                             "look at the machine's power supplies"}};

std::vector<double> values(const std::vector<Poll>& polls, std::optional<double> Poll::*member) {
  std::vector<double> told;
  for (const Poll& poll : polls)
    if (poll.*member) told.push_back(*(poll.*member));
  return told;
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Without those before the load came or after it went, where there are others.
std::vector<Poll> under_load(const std::vector<Poll>& polls) {
  std::vector<Poll> busy;
  for (const Poll& poll : polls)
    if (!(poll.reasons.value_or(0) & idle)) busy.push_back(poll);
  return busy.empty() ? polls : busy;
}

/// What a counter says, none where it runs faster than time: then its number means something else to this driver.
std::optional<double> counted_share(const Window& window, const Brake& brake) {
  const auto &before = window.before.slowed.*brake.seconds, &after = window.after.slowed.*brake.seconds;
  const double seconds = window.after.seconds - window.before.seconds;
  if (!before || !after || !(seconds > 0)) return std::nullopt;
  const double slowed = *after - *before;
  // The two readings of a counter and of the clock are some milliseconds apart.
  if (slowed < 0 || slowed > 1.05 * seconds + 0.05) return std::nullopt;
  return std::min(slowed / seconds, 1.0);
}

std::optional<double> polled_share(const Window& window, const Brake& brake) {
  int told = 0, seen = 0;
  for (const Poll& poll : window.polls) {
    if (!poll.reasons) continue;
    ++told;
    if (*poll.reasons & brake.bit) ++seen;
  }
  if (told == 0) return std::nullopt;
  return static_cast<double>(seen) / told;
}

/// The share of the window, and whether it is enough to be spoken of: a poll always is, it meets the brake by chance.
struct Share {
  double value = 0;
  bool noticeable = false;
};
std::optional<Share> share_of(const Window& window, const Brake& brake) {
  const auto counted = counted_share(window, brake), polled = polled_share(window, brake);
  // A counter that stands still while polls see the brake is not the brake's.
  const bool trusted = counted && (*counted > 0 || polled.value_or(0) == 0);
  if (trusted) return Share{*counted, *counted >= noticeable_share};
  if (polled) return Share{*polled, *polled > 0};
  return std::nullopt;
}

std::string percent(double share) { return share < 0.01 ? "under 1 %" : fmt::format("{:.0f} %", 100 * share); }

bool unexplained_twice(const std::vector<Poll>& polls) {
  int running = 0;
  for (const Poll& poll : polls) {
    const unsigned long long reasons = poll.reasons.value_or(0);
    const bool alone = (reasons & hardware_slowdown) && !(reasons & (hardware_thermal | power_brake));
    running = alone ? running + 1 : 0;
    if (running == 2) return true;
  }
  return false;
}

void add_clocks(const Window& window, Watch::Seen& seen) {
  const std::vector<Poll> busy = under_load(window.polls);
  const std::vector<double> polled = values(busy, &Poll::sm_clock);
  if (const std::vector<double>& best = window.device_clocks.empty() ? polled : window.device_clocks; !best.empty()) {
    const auto [least, most] = std::minmax_element(best.begin(), best.end());
    seen.readings["sm_clock_hz"] = median(best);
    seen.readings["sm_clock_min_hz"] = *least;
    // What could not be passed is held against the highest clock that anybody saw.
    seen.readings["sm_clock_max_hz"] =
        polled.empty() ? *most : std::max(*most, *std::max_element(polled.begin(), polled.end()));
  }
  if (!polled.empty()) seen.readings["sm_clock_polled_hz"] = median(polled);
  if (const auto memory = values(busy, &Poll::memory_clock); !memory.empty())
    seen.readings["memory_clock_hz"] = median(memory);
  if (const auto celsius = values(window.polls, &Poll::celsius); !celsius.empty())
    seen.readings["celsius_max"] = *std::max_element(celsius.begin(), celsius.end());
}

void add_power(const Window& window, Watch::Seen& seen) {
  const double seconds = window.after.seconds - window.before.seconds;
  const auto &before = window.before.joules, &after = window.after.joules;
  if (seconds >= shortest_for_energy && before && after && *after > *before) {
    seen.readings["energy_joules"] = *after - *before;
    seen.readings["watts"] = (*after - *before) / seconds;
  } else if (const auto watts = values(under_load(window.polls), &Poll::watts); !watts.empty()) {
    seen.readings[window.power == PowerReading::instant ? "watts_instant" : "watts_average_1s"] = mean(watts);
  }
}

void add_slowdowns(const Window& window, Watch::Seen& seen) {
  if (const auto share = share_of(window, cap)) {
    seen.readings[cap.reading] = share->value;
    if (share->noticeable)
      seen.labels.push_back(fmt::format(
          "power cap: {} of the window{}",
          percent(share->value),
          window.power_limit_watts ? fmt::format(" at the limit of {:.0f} W", *window.power_limit_watts) : ""));
  }
  std::vector<std::string> found;
  const auto hottest = seen.readings.find("celsius_max");
  for (const Brake& brake : brakes) {
    const auto share = share_of(window, brake);
    if (!share) continue;
    seen.readings[brake.reading] = share->value;
    if (!share->noticeable) continue;
    const bool heat = brake.bit != power_brake && hottest != seen.readings.end();
    found.push_back(fmt::format("{} over {} of the window{}: {}",
                                brake.name,
                                percent(share->value),
                                heat ? fmt::format(", up to {:.0f} C", hottest->second) : "",
                                brake.advice));
  }
  if (found.empty() && unexplained_twice(window.polls))
    found.emplace_back(
        "hardware slowdown in two readings running, the driver does not say why: look at cooling and power");
  seen.slowdown = fmt::format("{}", fmt::join(found, "; "));
}

/// By how much a counter grew; none where it is not told, or was reset.
std::optional<std::int64_t> growth(std::optional<std::int64_t> before, std::optional<std::int64_t> after) {
  if (!before || !after || *after < *before) return std::nullopt;
  return *after - *before;
}

void add_errors(const Window& window, Watch::Seen& seen) {
  const auto add = [&](const char* reading, std::optional<std::int64_t> count, const char* label) {
    if (!count) return;
    seen.readings[reading] = static_cast<double>(*count);
    if (*count > 0) seen.labels.push_back(fmt::format(fmt::runtime(label), *count));
  };
  const Counters &before = window.before, &after = window.after;
  add("ecc_uncorrected",
      growth(before.ecc_uncorrected, after.ecc_uncorrected),
      "memory errors that ECC could not correct: {}; results are not to be trusted, look at the GPU");
  add("ecc_corrected", growth(before.ecc_corrected, after.ecc_corrected), "memory errors corrected by ECC: {}");
  add("pcie_replays", growth(before.pcie_replays, after.pcie_replays), "PCIe packets sent again: {}");
  if (after.link_errors.empty()) return;
  double& total = seen.readings["nvlink_errors"];
  for (const auto& [counter, count] : after.link_errors) {
    const auto old = before.link_errors.find(counter);
    if (old == before.link_errors.end() || count <= old->second) continue;
    total += static_cast<double>(count - old->second);
    seen.labels.push_back(fmt::format("{} errors: {}", counter, count - old->second));
  }
}

}  // namespace

Watch::Seen seen_over(const Window& window) {
  Watch::Seen seen;
  add_clocks(window, seen);
  add_power(window, seen);
  add_slowdowns(window, seen);
  add_errors(window, seen);
  if (window.mig) seen.labels.emplace_back("MIG: clocks, power and counters are those of the whole GPU");
  if (window.lost) seen.labels.emplace_back("NVML could not reach the GPU any more: what it told before is shown");
  return seen;
}

}  // namespace gpubench::cuda
