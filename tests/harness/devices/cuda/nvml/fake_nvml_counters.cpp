// What grows or changes while a GPU works, and its links.
#include "tests/harness/devices/cuda/nvml/fake_nvml.hpp"

namespace gpubench::nvml {
namespace {

/// Nanoseconds since the machine came up that the clocks were held down.
double slowdown_nanoseconds(Device gpu, const char* share) {
  const nlohmann::json& fact = gpu->fact(share);
  return 1e9 * machine()->seconds() * (fact.is_null() ? 0.0 : fact.get<double>());
}

Return whole(FieldValue& field, double value) {
  field.type = ValueType::unsigned_long_long;
  field.value.unsigned_long_long = static_cast<unsigned long long>(value);
  return Return::success;
}

Return small(FieldValue& field, Return status, unsigned value) {
  field.type = ValueType::unsigned_int;
  field.value.unsigned_int = value;
  return status;
}

/// The numbers of this driver. Others have the meaning that they have there: settings, which do not grow.
Return slowdown_time(Device gpu, FieldValue& field) {
  const int branch = machine()->driver_branch();
  if (branch < 575) return Return::not_supported;
  const field::SlowdownTimes own = branch < 590 ? field::slowdown_times_r575 : field::slowdown_times_r590;
  if (field.field == own.software_thermal) return whole(field, slowdown_nanoseconds(gpu, "software_thermal_share"));
  if (field.field == own.hardware_thermal) return whole(field, slowdown_nanoseconds(gpu, "hardware_thermal_share"));
  if (field.field == own.power_brake) return whole(field, slowdown_nanoseconds(gpu, "power_brake_share"));
  return small(field, Return::success, 1);
}

Return fill(Device gpu, FieldValue& field) {
  unsigned value = 0;
  const char* here = "nvmlDeviceGetFieldValues";
  switch (field.field) {
    case field::power_cap_time:
      if (machine()->driver_branch() < 575) return Return::not_supported;
      return whole(field, slowdown_nanoseconds(gpu, "power_cap_share"));
    case field::nvlink_count: {
      const Return status = tell(here, gpu, "links", &value);
      return small(field, status, value);
    }
    case field::nvlink_megabytes_per_second: {
      const Return status = tell(here, gpu, "link_megabytes_per_second", &value);
      return small(field, status, value);
    }
    case field::power_instant: {
      const Return status = tell(here, gpu, "instant_milliwatts", &value);
      return small(field, status, value);
    }
    default: return slowdown_time(gpu, field);
  }
}

/// @returns whether the GPU has this link
Return entered_link(const char* function, Device gpu, unsigned link) {
  if (const Return status = entered(function, gpu); status != Return::success) return status;
  const nlohmann::json& links = gpu->fact("links");
  if (links.is_null()) return Return::not_supported;
  return link < links.get<unsigned>() ? Return::success : Return::invalid_argument;
}

}  // namespace

extern "C" {

Return nvmlDeviceGetCurrentClocksEventReasons(Device gpu, unsigned long long* reasons) {
  return tell(__func__, gpu, "reasons", reasons);
}
Return nvmlDeviceGetCurrentClocksThrottleReasons(Device gpu, unsigned long long* reasons) {
  return tell(__func__, gpu, "reasons", reasons);
}
Return nvmlDeviceGetViolationStatus(Device gpu, Policy policy, Violation* violation) {
  if (const Return status = entered(__func__, gpu); status != Return::success) return status;
  const char* share = policy == Policy::power ? "power_cap_share" : "software_thermal_share";
  *violation = {.reference_microseconds = 0,
                .nanoseconds = static_cast<unsigned long long>(slowdown_nanoseconds(gpu, share))};
  return Return::success;
}
Return nvmlDeviceGetPowerUsage(Device gpu, unsigned* milliwatts) {
  return tell(__func__, gpu, "milliwatts", milliwatts);
}
Return nvmlDeviceGetTotalEnergyConsumption(Device gpu, unsigned long long* millijoules) {
  double milliwatts = 0;
  const Return status = tell(__func__, gpu, "milliwatts", &milliwatts);
  *millijoules = 1'000'000'000ULL + static_cast<unsigned long long>(milliwatts * machine()->seconds());
  return status;
}
Return nvmlDeviceGetTotalEccErrors(Device gpu, MemoryError kind, Since, unsigned long long* count) {
  const bool corrected = kind == MemoryError::corrected;
  const Return status = tell(__func__, gpu, corrected ? "ecc_corrected" : "ecc_uncorrected", count);
  if (status == Return::success && !corrected && gpu->ecc_errors)
    *count += 2 + static_cast<unsigned long long>(gpu->looks->ecc++);
  return status;
}
Return nvmlDeviceGetPcieReplayCounter(Device gpu, unsigned* count) {
  const Return status = tell(__func__, gpu, "pcie_replays", count);
  if (status == Return::success && gpu->replays) *count += 7 + static_cast<unsigned>(gpu->looks->replay++);
  return status;
}
Return nvmlDeviceGetFieldValues(Device gpu, int count, FieldValue* fields) {
  if (const Return status = entered(__func__, gpu); status != Return::success) return status;
  for (int i = 0; i < count; ++i) fields[i].status = fill(gpu, fields[i]);
  return Return::success;
}

Return nvmlDeviceGetNvLinkState(Device gpu, unsigned link, Enabled* state) {
  const Return status = entered_link(__func__, gpu, link);
  if (status == Return::success)
    *state = gpu->down[link] || gpu->facts.value("links_inactive", false) ? Enabled::no : Enabled::yes;
  return status;
}
Return nvmlDeviceGetNvLinkErrorCounter(Device gpu, unsigned link, LinkError counter, unsigned long long* count) {
  const Return status = entered_link(__func__, gpu, link);
  if (status != Return::success) return status;
  *count = 0;
  if (counter == LinkError::crc_flit && gpu->crc_errors[link])
    *count = 12345 + static_cast<unsigned long long>(gpu->looks->crc[link]++);
  return status;
}
Return nvmlDeviceGetNvLinkRemoteDeviceType(Device gpu, unsigned link, LinkRemote* type) {
  const Return status = entered_link(__func__, gpu, link);
  if (status == Return::success)
    *type = gpu->fact("link_remote_pci").is_null() ? LinkRemote::unknown : LinkRemote::nvswitch;
  return status;
}
Return nvmlDeviceGetNvLinkRemotePciInfo_v2(Device gpu, unsigned link, PciInfo* pci) {
  if (const Return status = entered_link(__func__, gpu, link); status != Return::success) return status;
  const nlohmann::json& remote = gpu->fact("link_remote_pci");
  if (remote.is_null()) return Return::not_supported;
  *pci = {};
  return write(remote[link % remote.size()].get<std::string>(), pci->id, sizeof pci->id);
}

#define GPUBENCH_PCIE(function, place)                                                          \
  Return function(Device gpu, unsigned* value) {                                                \
    if (const Return status = entered(__func__, gpu); status != Return::success) return status; \
    if (gpu->fact("pcie").is_null()) return Return::not_supported;                              \
    *value = gpu->fact("pcie")[place];                                                          \
    return Return::success;                                                                     \
  }
GPUBENCH_PCIE(nvmlDeviceGetCurrPcieLinkGeneration, 0)
GPUBENCH_PCIE(nvmlDeviceGetCurrPcieLinkWidth, 1)
GPUBENCH_PCIE(nvmlDeviceGetMaxPcieLinkGeneration, 2)
GPUBENCH_PCIE(nvmlDeviceGetMaxPcieLinkWidth, 3)

Return nvmlDeviceGetGpuFabricInfoV(Device gpu, FabricInfo* info) {
  if (info->version != fabric_v2) return Return::argument_version_mismatch;
  info->status = Return::success;
  info->health = gpu->facts.value("fabric_degraded", false) ? 1 : 2;
  return tell(__func__, gpu, "fabric_state", &info->state);
}

}  // extern "C"

}  // namespace gpubench::nvml
