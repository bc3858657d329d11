#pragma once

#include <vector>

#include "harness/devices/cuda/nvml/gpu_reader.hpp"
#include "harness/devices/cuda/telemetry_window.hpp"

// From NVML's functions to the values of a window.
namespace gpubench::cuda {

/// What of a GPU can be read, found out once.
struct Sources {
  std::optional<nvml::field::SlowdownTimes> slowdown_times{};  ///< none before R575
  PowerReading power = PowerReading::instant;
  bool instant_field = false;            ///< the driver has the instantaneous reading as a field
  std::vector<unsigned> active_links{};  ///< those of which errors can arise
  std::optional<double> power_limit_watts{};
};
Sources sources_of(nvml::GpuReader& gpu, int driver_branch);

Poll poll(nvml::GpuReader& gpu, const Sources& sources);
/// NVML's power reading; none where there is none.
std::optional<double> watts_now(nvml::GpuReader& gpu, const Sources& sources);
std::optional<double> joules_now(nvml::GpuReader& gpu);

/// Energy, slowdown times and the moment: a few calls, close to the window's edge.
void read_times(nvml::GpuReader& gpu, const Sources& sources, Counters& counters);
/// Errors of memory, PCIe and links: many calls, outside of the window's edges.
void read_errors(nvml::GpuReader& gpu, const Sources& sources, Counters& counters);

}  // namespace gpubench::cuda
