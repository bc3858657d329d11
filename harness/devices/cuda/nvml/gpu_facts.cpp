#include "harness/devices/cuda/nvml/gpu_facts.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/nvml/gpu_links.hpp"
#include "harness/environment/system_file.hpp"

namespace gpubench::nvml {
namespace {

/// `value` times `unit`, none when it is none.
std::optional<double> times(double unit, std::optional<unsigned> value) {
  if (!value) return std::nullopt;
  return unit * *value;
}

/// An asked-for clock; none where it is the default, which nobody asked for.
std::optional<double> application_clock(GpuReader& gpu, Clock clock) {
  const auto asked = gpu.get<unsigned>(gpu.nvml().nvmlDeviceGetApplicationsClock, clock);
  const auto usual = gpu.get<unsigned>(gpu.nvml().nvmlDeviceGetDefaultApplicationsClock, clock);
  if (!usual || asked == usual) return std::nullopt;
  return times(1e6, asked);
}

void add_clocks(GpuReader& reader, Gpu& gpu) {
  const Functions& nvml = reader.nvml();
  const auto hertz = [&](const auto& function, Clock clock) {
    return times(1e6, reader.get<unsigned>(function, clock));
  };
  gpu.sm_clock_now = hertz(nvml.nvmlDeviceGetClockInfo, Clock::sm);
  gpu.sm_clock_limit = hertz(nvml.nvmlDeviceGetMaxClockInfo, Clock::sm);
  gpu.sm_clock_application = application_clock(reader, Clock::sm);
  gpu.memory_clock_now = hertz(nvml.nvmlDeviceGetClockInfo, Clock::memory);
  gpu.memory_clock_limit = hertz(nvml.nvmlDeviceGetMaxClockInfo, Clock::memory);
  gpu.memory_clock_application = application_clock(reader, Clock::memory);
}

/// What changes from moment to moment, beside the clocks.
void add_state(GpuReader& reader, Gpu& gpu) {
  const Functions& nvml = reader.nvml();
  if (const auto reasons = reasons_now(reader)) gpu.slowdown_reasons = slowdown_reasons(*reasons);
  gpu.power_watts = times(1e-3, reader.get<unsigned>(nvml.nvmlDeviceGetPowerUsage));
  gpu.celsius = times(1, reader.get<unsigned>(nvml.nvmlDeviceGetTemperature, Sensor::gpu));
}

void add_memory(GpuReader& reader, Gpu& gpu) {
  const Functions& nvml = reader.nvml();
  MemoryV2 memory{};
  memory.version = memory_v2;
  if (reader.answers(nvml.nvmlDeviceGetMemoryInfo_v2, &memory)) {
    gpu.memory_bytes = static_cast<double>(memory.total);
    gpu.memory_used_bytes = static_cast<double>(memory.used);
  } else if (const auto older = reader.get<Memory>(nvml.nvmlDeviceGetMemoryInfo)) {
    gpu.memory_bytes = static_cast<double>(older->total);
    gpu.memory_used_bytes = static_cast<double>(older->used);
  }
  if (const auto bits = reader.get<unsigned>(nvml.nvmlDeviceGetMemoryBusWidth))
    gpu.memory_bus_bits = static_cast<int>(*bits);
}

void add_health(GpuReader& reader, Gpu& gpu) {
  const Functions& nvml = reader.nvml();
  gpu.power_limit_watts = times(1e-3, reader.get<unsigned>(nvml.nvmlDeviceGetEnforcedPowerLimit));
  gpu.default_power_limit_watts = times(1e-3, reader.get<unsigned>(nvml.nvmlDeviceGetPowerManagementDefaultLimit));
  if (const auto mode = reader.get<Enabled>(nvml.nvmlDeviceGetPersistenceMode)) gpu.persistence = *mode == Enabled::yes;

  Enabled now{}, pending{};
  if (reader.answers(nvml.nvmlDeviceGetEccMode, &now, &pending)) {
    gpu.ecc = now == Enabled::yes;
    gpu.ecc_pending = pending == Enabled::yes;
  }
  const auto errors = [&](MemoryError kind) -> std::optional<std::int64_t> {
    const auto count = reader.get<unsigned long long>(nvml.nvmlDeviceGetTotalEccErrors, kind, Since::driver_load);
    if (!count) return std::nullopt;
    return static_cast<std::int64_t>(*count);
  };
  gpu.ecc_corrected = errors(MemoryError::corrected);
  gpu.ecc_uncorrected = errors(MemoryError::uncorrected);
  unsigned corrected = 0, uncorrected = 0, remap_pending = 0, remap_failed = 0;
  if (reader.answers(nvml.nvmlDeviceGetRemappedRows, &corrected, &uncorrected, &remap_pending, &remap_failed)) {
    gpu.rows_remapped_corrected = static_cast<int>(corrected);
    gpu.rows_remapped_uncorrected = static_cast<int>(uncorrected);
    gpu.row_remap_pending = remap_pending != 0;
    gpu.row_remap_failed = remap_failed != 0;
  }
}

void add_mig(GpuReader& reader, Gpu& gpu) {
  const Functions& nvml = reader.nvml();
  unsigned now = 0, pending = 0;
  if (!reader.answers(nvml.nvmlDeviceGetMigMode, &now, &pending)) return;
  gpu.mig = now != 0;
  gpu.mig_pending = pending != 0;
  const unsigned most = now ? reader.get<unsigned>(nvml.nvmlDeviceGetMaxMigDeviceCount).value_or(0) : 0;
  for (unsigned index = 0; index < most; ++index) {
    const auto device = reader.get<Device>(nvml.nvmlDeviceGetMigDeviceHandleByIndex, index);
    if (!device) continue;  // no instance has this number
    if (std::string uuid = GpuReader(nvml, *device).text(nvml.nvmlDeviceGetUUID); !uuid.empty())
      gpu.mig_devices.push_back(std::move(uuid));
  }
}

void add_processes(GpuReader& reader, Gpu& gpu) {
  std::vector<Process> found;
  unsigned count = 0;
  // Asked with no room it tells how much it needs; more may have started by the next call.
  bool told =
      reader.answers(reader.nvml().nvmlDeviceGetComputeRunningProcesses_v3, &count, static_cast<Process*>(nullptr));
  for (int attempt = 0; attempt < 3 && !told && reader.status() == Return::insufficient_size; ++attempt) {
    found.resize(count += 8);
    told = reader.answers(reader.nvml().nvmlDeviceGetComputeRunningProcesses_v3, &count, found.data());
  }
  if (!told) return;
  gpu.processes.emplace();
  found.resize(std::min<std::size_t>(count, found.size()));
  for (const Process& one : found)
    gpu.processes->push_back(
        {.pid = one.pid, .memory_bytes = one.used_bytes == not_available ? 0 : static_cast<double>(one.used_bytes)});
}

std::string why_lost(Return status) {
  if (status == Return::gpu_is_lost)
    return fmt::format("{}: look for Xid 79 in the kernel's log, then reset it or restart the machine",
                       text_of(status));
  return fmt::format("it does not answer: {}; look for Xid in the kernel's log, then reset it or restart the machine",
                     text_of(status));
}

Gpu gpu_of(GpuReader& reader, int index, const std::filesystem::path& root) {
  const Functions& nvml = reader.nvml();
  Gpu gpu{.index = index};
  gpu.uuid = reader.text(nvml.nvmlDeviceGetUUID);
  if (const auto pci = reader.get<PciInfo>(nvml.nvmlDeviceGetPciInfo_v3)) gpu.pci = pci->id;
  if (!gpu.pci.empty()) gpu.numa_node = numa_node(root, gpu.pci);
  gpu.name = reader.text(nvml.nvmlDeviceGetName);
  if (gpu.name.empty()) {  // every GPU that answers has one
    gpu.lost = why_lost(reader.lost() ? Return::gpu_is_lost : reader.status());
    return gpu;
  }
  gpu.vbios = reader.text(nvml.nvmlDeviceGetVbiosVersion);
  int major = 0, minor = 0;
  if (reader.answers(nvml.nvmlDeviceGetCudaComputeCapability, &major, &minor))
    gpu.compute_capability = fmt::format("{}.{}", major, minor);
  add_memory(reader, gpu);
  add_clocks(reader, gpu);
  add_state(reader, gpu);
  add_health(reader, gpu);
  add_mig(reader, gpu);
  gpu.pcie = pcie_of(reader);
  gpu.links = links_of(reader);
  gpu.fabric = fabric_of(reader);
  add_processes(reader, gpu);
  if (reader.lost()) gpu.lost = why_lost(Return::gpu_is_lost);
  return gpu;
}

void add_gpus(const Session& nvml, const std::filesystem::path& root, GpuNode& node) {
  unsigned count = 0;
  if (const Return status = nvml->nvmlDeviceGetCount_v2(&count); status != Return::success) {
    node.nvml_missing = fmt::format("NVML does not count the GPUs: {}; see whether nvidia-smi runs", text_of(status));
    return;
  }
  for (unsigned index = 0; index < count; ++index) {
    Device device{};
    const Return status = nvml->nvmlDeviceGetHandleByIndex_v2(index, &device);
    if (status == Return::no_permission) continue;  // another container's
    if (status != Return::success) {
      node.gpus.push_back({.index = static_cast<int>(index), .lost = why_lost(status)});
      continue;
    }
    GpuReader reader(nvml.functions(), device);
    node.gpus.push_back(gpu_of(reader, static_cast<int>(index), root));
  }
}

}  // namespace

std::optional<unsigned long long> reasons_now(GpuReader& gpu) {
  const Functions& nvml = gpu.nvml();
  if (const auto reasons = gpu.get<unsigned long long>(nvml.nvmlDeviceGetCurrentClocksEventReasons)) return reasons;
  return gpu.get<unsigned long long>(nvml.nvmlDeviceGetCurrentClocksThrottleReasons);  // its name before R535
}

std::vector<std::string> slowdown_reasons(unsigned long long reasons) {
  constexpr std::pair<unsigned long long, const char*> names[] = {
      {reason::application_clocks, "application clocks"},
      {reason::power_cap, "software power cap"},
      {reason::hardware_slowdown, "hardware slowdown"},
      {reason::sync_boost, "sync boost"},
      {reason::software_thermal, "software thermal slowdown"},
      {reason::hardware_thermal, "hardware thermal slowdown"},
      {reason::power_brake, "power brake"},
      {reason::display_clocks, "display clocks"}};
  std::vector<std::string> named;
  for (const auto& [bit, name] : names)
    if (reasons & bit) named.emplace_back(name);
  return named;
}

void read_under_load(Gpu& gpu) {
  try {
    const Session nvml;
    Device device{};
    if (nvml->nvmlDeviceGetHandleByUUID(gpu.uuid.c_str(), &device) != Return::success) return;
    GpuReader reader(nvml.functions(), device);
    Gpu busy = gpu;
    add_clocks(reader, busy);
    add_state(reader, busy);
    busy.pcie = pcie_of(reader);
    busy.pcie.under_load = true;
    if (!reader.lost()) gpu = std::move(busy);
  } catch (const Unsupported&) {
    return;  // the node says why
  }
}

GpuNode gpu_node(const std::filesystem::path& root) {
  GpuNode node;
  node.driver = system_file(root / "sys/module/nvidia/version");  // there without NVML, too
  Library own{.name = "NVML"};
  try {
    const Session nvml;
    own.version = nvml.version();
    own.path = library().path();
    node.driver = nvml.driver_version();
    (void)nvml->nvmlSystemGetCudaDriverVersion_v2(&node.driver_cuda);
    add_gpus(nvml, root, node);
  } catch (const Unsupported& why) {
    node.nvml_missing = own.missing = why.what();
  }
  node.libraries.push_back(std::move(own));
  return node;
}

}  // namespace gpubench::nvml
