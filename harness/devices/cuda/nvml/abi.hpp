#pragma once

#include <cstddef>

/// NVML's own name for a handle's type, so that the address of one of its functions has its type.
struct nvmlDevice_st;

// The part of NVML's binary interface that we use, in our own words: the library comes with the driver and is found at
// run time, so nothing of NVIDIA's is needed to build this. tests/harness/devices/cuda/nvml/abi_check.cpp compares it
// with a real nvml.h where there is one (12.9 and 13.5 when this was written). 64-bit Linux.
namespace gpubench::nvml {

using Device = ::nvmlDevice_st*;

enum class Return : int {
  success = 0,
  uninitialized = 1,
  invalid_argument = 2,
  not_supported = 3,
  no_permission = 4,
  not_found = 6,
  insufficient_size = 7,
  driver_not_loaded = 9,
  library_not_found = 12,
  function_not_found = 13,
  gpu_is_lost = 15,
  reset_required = 16,
  operating_system = 17,
  lib_rm_version_mismatch = 18,
  argument_version_mismatch = 25,
  not_ready = 27,
  gpu_not_found = 28,
  unknown = 999
};

enum class Clock : int { graphics = 0, sm = 1, memory = 2 };
enum class Enabled : int { no = 0, yes = 1 };
enum class Sensor : int { gpu = 0 };
enum class MemoryError : int { corrected = 0, uncorrected = 1 };
enum class Since : int { driver_load = 0, ever = 1 };  ///< of error counters: volatile, aggregate
enum class LinkError : int { replay = 0, recovery = 1, crc_flit = 2, crc_data = 3, ecc_data = 4 };
enum class LinkRemote : int { gpu = 0, npu = 1, nvswitch = 2, unknown = 0xFF };
enum class Policy : int { power = 0, thermal = 1 };  ///< of nvmlDeviceGetViolationStatus
enum class ValueType : int {
  floating = 0,
  unsigned_int = 1,
  unsigned_long = 2,
  unsigned_long_long = 3,
  signed_long_long = 4,
  signed_int = 5,
  unsigned_short = 6
};

/// Bits of nvmlDeviceGetCurrentClocksEventReasons.
namespace reason {
inline constexpr unsigned long long idle = 0x1, application_clocks = 0x2, power_cap = 0x4, hardware_slowdown = 0x8,
                                    sync_boost = 0x10, software_thermal = 0x20, hardware_thermal = 0x40,
                                    power_brake = 0x80, display_clocks = 0x100;
}

/// Numbers for nvmlDeviceGetFieldValues.
namespace field {
inline constexpr unsigned power_cap_time = 74,             ///< ns
    nvlink_count = 91, nvlink_megabytes_per_second = 164,  ///< scope: the link; one direction
    power_average = 185, power_instant = 186;              ///< mW

/// Nanoseconds that the clocks were held down for a reason. NVIDIA renumbered them: 251 to 253 in the headers 12.9 and
/// 13.0 (R575, R580), 269 to 271 from 13.1 on (R590), where the old numbers are settings of power smoothing.
struct SlowdownTimes {
  unsigned software_thermal, hardware_thermal, power_brake;
};
inline constexpr SlowdownTimes slowdown_times_r575{251, 252, 253}, slowdown_times_r590{269, 270, 271};
}  // namespace field

/// States of FabricInfo.
namespace fabric {
inline constexpr unsigned char not_supported = 0, not_started = 1, in_progress = 2, completed = 3;
inline constexpr unsigned bandwidth_mask = 0x3, bandwidth_degraded = 1;  ///< in the lowest bits of `health`
}  // namespace fabric

/// The most links that any header knows of; a GPU answers for its own only.
inline constexpr unsigned most_links = 36;
/// Of nvmlProcessInfo_t::usedGpuMemory.
inline constexpr unsigned long long not_available = ~0ULL;
inline constexpr unsigned text_bytes = 96;  ///< names, versions, UUIDs: the longest that NVML writes

struct PciInfo {
  char legacy_id[16];
  unsigned domain, bus, device, device_id, subsystem_id;
  char id[32];  ///< `00000000:1B:00.0`
};

struct Memory {
  unsigned long long total, free, used;
};

struct MemoryV2 {
  unsigned version;
  unsigned long long total, reserved, free, used;  ///< `used` without what the driver keeps for itself
};
inline constexpr unsigned memory_v2 = sizeof(MemoryV2) | 2U << 24;

struct Process {
  unsigned pid;
  unsigned long long used_bytes;
  unsigned gpu_instance, compute_instance;
};

struct Violation {
  unsigned long long reference_microseconds, nanoseconds;
};

union Value {
  double floating;
  int signed_int;
  unsigned unsigned_int;
  unsigned long unsigned_long;
  unsigned long long unsigned_long_long;
  long long signed_long_long;
  unsigned short unsigned_short;
};

struct FieldValue {
  unsigned field, scope;
  long long timestamp, latency;  ///< microseconds
  ValueType type;
  Return status;
  Value value;
};

struct FabricInfo {
  unsigned version;
  unsigned char cluster[16];
  Return status;  ///< holds only in state `completed`
  unsigned clique;
  unsigned char state;
  unsigned health;
};
inline constexpr unsigned fabric_v2 = sizeof(FabricInfo) | 2U << 24;

}  // namespace gpubench::nvml

// Every function returns a Return. Without one of the first list nothing can be asked; the second has what a driver may
// be too old for (R450 is the oldest that knows an A100), or too new (application clocks go with CUDA 14).
// clang-format off
#define GPUBENCH_NVML_REQUIRED(FUNCTION)                           \
  FUNCTION(nvmlInit_v2, ())                                        \
  FUNCTION(nvmlShutdown, ())                                       \
  FUNCTION(nvmlSystemGetDriverVersion, (char*, unsigned))          \
  FUNCTION(nvmlDeviceGetCount_v2, (unsigned*))                     \
  FUNCTION(nvmlDeviceGetHandleByIndex_v2, (unsigned, Device*))     \
  FUNCTION(nvmlDeviceGetName, (Device, char*, unsigned))           \
  FUNCTION(nvmlDeviceGetUUID, (Device, char*, unsigned))           \
  FUNCTION(nvmlDeviceGetPciInfo_v3, (Device, PciInfo*))

#define GPUBENCH_NVML_OPTIONAL(FUNCTION)                                                               \
  FUNCTION(nvmlSystemGetNVMLVersion, (char*, unsigned))                                                \
  FUNCTION(nvmlSystemGetCudaDriverVersion_v2, (int*))                                                  \
  FUNCTION(nvmlDeviceGetHandleByPciBusId_v2, (const char*, Device*))                                   \
  FUNCTION(nvmlDeviceGetHandleByUUID, (const char*, Device*))                                          \
  FUNCTION(nvmlDeviceGetVbiosVersion, (Device, char*, unsigned))                                       \
  FUNCTION(nvmlDeviceGetCudaComputeCapability, (Device, int*, int*))                                   \
  FUNCTION(nvmlDeviceGetMemoryInfo, (Device, Memory*))                                                 \
  FUNCTION(nvmlDeviceGetMemoryInfo_v2, (Device, MemoryV2*))                                            \
  FUNCTION(nvmlDeviceGetMemoryBusWidth, (Device, unsigned*))                                           \
  FUNCTION(nvmlDeviceGetClockInfo, (Device, Clock, unsigned*))                                         \
  FUNCTION(nvmlDeviceGetMaxClockInfo, (Device, Clock, unsigned*))                                      \
  FUNCTION(nvmlDeviceGetApplicationsClock, (Device, Clock, unsigned*))                                 \
  FUNCTION(nvmlDeviceGetDefaultApplicationsClock, (Device, Clock, unsigned*))                          \
  FUNCTION(nvmlDeviceGetCurrentClocksEventReasons, (Device, unsigned long long*))                      \
  FUNCTION(nvmlDeviceGetCurrentClocksThrottleReasons, (Device, unsigned long long*))                   \
  FUNCTION(nvmlDeviceGetViolationStatus, (Device, Policy, Violation*))                                 \
  FUNCTION(nvmlDeviceGetPersistenceMode, (Device, Enabled*))                                           \
  FUNCTION(nvmlDeviceGetPowerUsage, (Device, unsigned*))                                               \
  FUNCTION(nvmlDeviceGetEnforcedPowerLimit, (Device, unsigned*))                                       \
  FUNCTION(nvmlDeviceGetPowerManagementDefaultLimit, (Device, unsigned*))                              \
  FUNCTION(nvmlDeviceGetTotalEnergyConsumption, (Device, unsigned long long*))                         \
  FUNCTION(nvmlDeviceGetTemperature, (Device, Sensor, unsigned*))                                      \
  FUNCTION(nvmlDeviceGetEccMode, (Device, Enabled*, Enabled*))                                         \
  FUNCTION(nvmlDeviceGetTotalEccErrors, (Device, MemoryError, Since, unsigned long long*))             \
  FUNCTION(nvmlDeviceGetRemappedRows, (Device, unsigned*, unsigned*, unsigned*, unsigned*))            \
  FUNCTION(nvmlDeviceGetNvLinkState, (Device, unsigned, Enabled*))                                     \
  FUNCTION(nvmlDeviceGetNvLinkRemotePciInfo_v2, (Device, unsigned, PciInfo*))                          \
  FUNCTION(nvmlDeviceGetNvLinkRemoteDeviceType, (Device, unsigned, LinkRemote*))                       \
  FUNCTION(nvmlDeviceGetNvLinkErrorCounter, (Device, unsigned, LinkError, unsigned long long*))        \
  FUNCTION(nvmlDeviceGetFieldValues, (Device, int, FieldValue*))                                       \
  FUNCTION(nvmlDeviceGetCurrPcieLinkGeneration, (Device, unsigned*))                                   \
  FUNCTION(nvmlDeviceGetCurrPcieLinkWidth, (Device, unsigned*))                                        \
  FUNCTION(nvmlDeviceGetMaxPcieLinkGeneration, (Device, unsigned*))                                    \
  FUNCTION(nvmlDeviceGetMaxPcieLinkWidth, (Device, unsigned*))                                         \
  FUNCTION(nvmlDeviceGetPcieReplayCounter, (Device, unsigned*))                                        \
  FUNCTION(nvmlDeviceGetMigMode, (Device, unsigned*, unsigned*))                                       \
  FUNCTION(nvmlDeviceGetMaxMigDeviceCount, (Device, unsigned*))                                        \
  FUNCTION(nvmlDeviceGetMigDeviceHandleByIndex, (Device, unsigned, Device*))                           \
  FUNCTION(nvmlDeviceGetDeviceHandleFromMigDeviceHandle, (Device, Device*))                            \
  FUNCTION(nvmlDeviceGetComputeRunningProcesses_v3, (Device, unsigned*, Process*))                     \
  FUNCTION(nvmlDeviceGetGpuFabricInfoV, (Device, FabricInfo*))
// clang-format on
