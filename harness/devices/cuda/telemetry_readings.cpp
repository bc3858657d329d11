#include "harness/devices/cuda/telemetry_readings.hpp"

#include <chrono>

#include <fmt/format.h>

#include "harness/devices/cuda/nvml/gpu_facts.hpp"
#include "harness/devices/cuda/nvml/gpu_links.hpp"

namespace gpubench::cuda {
namespace {

using nvml::GpuReader;

std::optional<double> times(double unit, std::optional<double> value) {
  if (!value) return std::nullopt;
  return unit * *value;
}

/// The GA100 chip (A100, A30; compute capability 8.0) and everything older reads instantaneous power.
PowerReading plain_power(GpuReader& gpu) {
  int major = 0, minor = 0;
  const bool told = gpu.answers(gpu.nvml().nvmlDeviceGetCudaComputeCapability, &major, &minor);
  return !told || major < 8 || (major == 8 && minor == 0) ? PowerReading::instant : PowerReading::average_over_a_second;
}

std::optional<double> violation_seconds(GpuReader& gpu, nvml::Policy policy) {
  const auto violation = gpu.get<nvml::Violation>(gpu.nvml().nvmlDeviceGetViolationStatus, policy);
  if (!violation) return std::nullopt;
  return 1e-9 * static_cast<double>(violation->nanoseconds);
}

std::optional<std::int64_t> count(std::optional<unsigned long long> value) {
  if (!value) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

SlowdownSeconds slowdown_seconds(GpuReader& gpu, const Sources& sources) {
  SlowdownSeconds slowed;
  if (sources.slowdown_times) {
    slowed.power_cap = times(1e-9, gpu.field(nvml::field::power_cap_time));
    slowed.software_thermal = times(1e-9, gpu.field(sources.slowdown_times->software_thermal));
    slowed.hardware_thermal = times(1e-9, gpu.field(sources.slowdown_times->hardware_thermal));
    slowed.power_brake = times(1e-9, gpu.field(sources.slowdown_times->power_brake));
  }
  // What older drivers have for two of them, and NVIDIA takes away with CUDA 14.
  if (!slowed.power_cap) slowed.power_cap = violation_seconds(gpu, nvml::Policy::power);
  if (!slowed.software_thermal) slowed.software_thermal = violation_seconds(gpu, nvml::Policy::thermal);
  return slowed;
}

}  // namespace

Sources sources_of(GpuReader& gpu, int driver_branch) {
  Sources sources;
  if (driver_branch >= 590)
    sources.slowdown_times = nvml::field::slowdown_times_r590;
  else if (driver_branch >= 575)
    sources.slowdown_times = nvml::field::slowdown_times_r575;
  sources.instant_field = gpu.field(nvml::field::power_instant).has_value();
  sources.power = sources.instant_field ? PowerReading::instant : plain_power(gpu);
  for (const GpuLink& link : nvml::links_of(gpu))
    if (link.active) sources.active_links.push_back(static_cast<unsigned>(link.index));
  sources.power_limit_watts = times(1e-3, gpu.get<unsigned>(gpu.nvml().nvmlDeviceGetEnforcedPowerLimit));
  return sources;
}

std::optional<double> watts_now(GpuReader& gpu, const Sources& sources) {
  if (sources.instant_field) return times(1e-3, gpu.field(nvml::field::power_instant));
  return times(1e-3, gpu.get<unsigned>(gpu.nvml().nvmlDeviceGetPowerUsage));
}

std::optional<double> joules_now(GpuReader& gpu) {
  const auto millijoules = gpu.get<unsigned long long>(gpu.nvml().nvmlDeviceGetTotalEnergyConsumption);
  if (!millijoules) return std::nullopt;
  return 1e-3 * static_cast<double>(*millijoules);
}

Poll poll(GpuReader& gpu, const Sources& sources) {
  const nvml::Functions& nvml = gpu.nvml();
  Poll poll;
  poll.reasons = nvml::reasons_now(gpu);
  poll.sm_clock = times(1e6, gpu.get<unsigned>(nvml.nvmlDeviceGetClockInfo, nvml::Clock::sm));
  poll.memory_clock = times(1e6, gpu.get<unsigned>(nvml.nvmlDeviceGetClockInfo, nvml::Clock::memory));
  poll.watts = watts_now(gpu, sources);
  poll.celsius = times(1, gpu.get<unsigned>(nvml.nvmlDeviceGetTemperature, nvml::Sensor::gpu));
  return poll;
}

void read_times(GpuReader& gpu, const Sources& sources, Counters& counters) {
  counters.slowed = slowdown_seconds(gpu, sources);
  counters.joules = joules_now(gpu);
  counters.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void read_errors(GpuReader& gpu, const Sources& sources, Counters& counters) {
  const nvml::Functions& nvml = gpu.nvml();
  const auto ecc = [&](nvml::MemoryError kind) {
    return count(gpu.get<unsigned long long>(nvml.nvmlDeviceGetTotalEccErrors, kind, nvml::Since::driver_load));
  };
  counters.ecc_corrected = ecc(nvml::MemoryError::corrected);
  counters.ecc_uncorrected = ecc(nvml::MemoryError::uncorrected);
  if (const auto replays = gpu.get<unsigned>(nvml.nvmlDeviceGetPcieReplayCounter)) counters.pcie_replays = *replays;
  for (const unsigned link : sources.active_links)
    for (const auto& [name, errors] : nvml::link_errors_of(gpu, link))
      counters.link_errors[fmt::format("NVLink {} {}", link, name)] = errors;
}

}  // namespace gpubench::cuda
