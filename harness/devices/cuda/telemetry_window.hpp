#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/device.hpp"

// What was read of one GPU over a window, as a row says it: arithmetic only. What the driver does not tell is none.
namespace gpubench::cuda {

/// A glance at the GPU. Hertz, watts; `reasons` are bits of nvml::reason.
struct Poll {
  std::optional<double> sm_clock{}, memory_clock{}, watts{}, celsius{};
  std::optional<unsigned long long> reasons{};
};

/// Seconds, since the driver was loaded, that the clocks were held down.
struct SlowdownSeconds {
  std::optional<double> power_cap{}, software_thermal{}, hardware_thermal{}, power_brake{};
};

/// Counters at one moment; all of them only grow.
struct Counters {
  double seconds = 0;  ///< of the steady clock
  std::optional<double> joules{};
  SlowdownSeconds slowed{};
  std::optional<std::int64_t> ecc_corrected{}, ecc_uncorrected{}, pcie_replays{};
  std::map<std::string, std::int64_t> link_errors{};  ///< `NVLink 7 crc_flit`
};

/// Of Poll::watts: NVML's plain reading is an average over one second, but instantaneous on GA100 (A100) and older.
enum class PowerReading { instant, average_over_a_second };

struct Window {
  Counters before{}, after{};
  std::vector<Poll> polls{};            ///< in the order taken
  std::vector<double> device_clocks{};  ///< hertz of the SMs by their own clock64 and globaltimer; before NVML's
  std::optional<double> power_limit_watts{};
  PowerReading power = PowerReading::instant;
  bool mig = false;   ///< a slice runs, and all of this is of the whole GPU
  bool lost = false;  ///< NVML could not reach the GPU any more
};

/// Readings, each only where it was told: `sm_clock_hz` (median), `sm_clock_max_hz`, `sm_clock_min_hz`,
/// `sm_clock_polled_hz` (NVML's),
/// `memory_clock_hz`, `celsius_max`, `energy_joules` and `watts` (their quotient) of windows of 5 s and more, of
/// shorter ones the mean of the polls as `watts_instant` or `watts_average_1s`; shares of the window at reduced clocks:
/// `power_cap_share`, `software_thermal_share`, `hardware_thermal_share`, `power_brake_share`; counts over the window:
/// `ecc_corrected`, `ecc_uncorrected`, `pcie_replays`, `nvlink_errors`.
/// `slowdown`: heat and the power brake at once, the hardware's slowdown without a reason in two polls running. A power
/// cap, and errors of memory and links, are labels.
Watch::Seen seen_over(const Window& window);

}  // namespace gpubench::cuda
