// Nothing here runs: it compiles where our declarations of NVML are those of a real nvml.h.
#include <cstddef>
#include <type_traits>

#include <nvml.h>

#include "harness/devices/cuda/nvml/abi.hpp"

namespace gpubench::nvml {
namespace {

template <class Ours, class Theirs>
constexpr bool same_layout = sizeof(Ours) == sizeof(Theirs) && alignof(Ours) == alignof(Theirs);

#define SAME_PLACE(Ours, member, Theirs, other) static_assert(offsetof(Ours, member) == offsetof(Theirs, other))
#define SAME_NUMBER(ours, theirs) \
  static_assert(static_cast<unsigned long long>(ours) == static_cast<unsigned long long>(theirs))

static_assert(std::is_same_v<Device, nvmlDevice_t>);

static_assert(same_layout<PciInfo, nvmlPciInfo_t>);
SAME_PLACE(PciInfo, domain, nvmlPciInfo_t, domain);
SAME_PLACE(PciInfo, device_id, nvmlPciInfo_t, pciDeviceId);
SAME_PLACE(PciInfo, id, nvmlPciInfo_t, busId);

static_assert(same_layout<Memory, nvmlMemory_t>);
SAME_PLACE(Memory, total, nvmlMemory_t, total);
SAME_PLACE(Memory, used, nvmlMemory_t, used);

static_assert(same_layout<MemoryV2, nvmlMemory_v2_t>);
SAME_PLACE(MemoryV2, total, nvmlMemory_v2_t, total);
SAME_PLACE(MemoryV2, used, nvmlMemory_v2_t, used);
SAME_NUMBER(memory_v2, nvmlMemory_v2);

static_assert(same_layout<Process, nvmlProcessInfo_t>);
SAME_PLACE(Process, pid, nvmlProcessInfo_t, pid);
SAME_PLACE(Process, used_bytes, nvmlProcessInfo_t, usedGpuMemory);

static_assert(same_layout<Violation, nvmlViolationTime_t>);
SAME_PLACE(Violation, nanoseconds, nvmlViolationTime_t, violationTime);

static_assert(same_layout<Value, nvmlValue_t>);
static_assert(same_layout<FieldValue, nvmlFieldValue_t>);
SAME_PLACE(FieldValue, field, nvmlFieldValue_t, fieldId);
SAME_PLACE(FieldValue, scope, nvmlFieldValue_t, scopeId);
SAME_PLACE(FieldValue, type, nvmlFieldValue_t, valueType);
SAME_PLACE(FieldValue, status, nvmlFieldValue_t, nvmlReturn);
SAME_PLACE(FieldValue, value, nvmlFieldValue_t, value);

static_assert(same_layout<FabricInfo, nvmlGpuFabricInfo_v2_t>);
SAME_PLACE(FabricInfo, status, nvmlGpuFabricInfo_v2_t, status);
SAME_PLACE(FabricInfo, state, nvmlGpuFabricInfo_v2_t, state);
SAME_PLACE(FabricInfo, health, nvmlGpuFabricInfo_v2_t, healthMask);
SAME_NUMBER(fabric_v2, nvmlGpuFabricInfo_v2);
SAME_NUMBER(fabric::completed, NVML_GPU_FABRIC_STATE_COMPLETED);
SAME_NUMBER(fabric::in_progress, NVML_GPU_FABRIC_STATE_IN_PROGRESS);
SAME_NUMBER(fabric::bandwidth_degraded, NVML_GPU_FABRIC_HEALTH_MASK_DEGRADED_BW_TRUE);
SAME_NUMBER(0, NVML_GPU_FABRIC_HEALTH_MASK_SHIFT_DEGRADED_BW);

SAME_NUMBER(Return::not_supported, NVML_ERROR_NOT_SUPPORTED);
SAME_NUMBER(Return::no_permission, NVML_ERROR_NO_PERMISSION);
SAME_NUMBER(Return::insufficient_size, NVML_ERROR_INSUFFICIENT_SIZE);
SAME_NUMBER(Return::driver_not_loaded, NVML_ERROR_DRIVER_NOT_LOADED);
SAME_NUMBER(Return::library_not_found, NVML_ERROR_LIBRARY_NOT_FOUND);
SAME_NUMBER(Return::function_not_found, NVML_ERROR_FUNCTION_NOT_FOUND);
SAME_NUMBER(Return::gpu_is_lost, NVML_ERROR_GPU_IS_LOST);
SAME_NUMBER(Return::reset_required, NVML_ERROR_RESET_REQUIRED);
SAME_NUMBER(Return::operating_system, NVML_ERROR_OPERATING_SYSTEM);
SAME_NUMBER(Return::lib_rm_version_mismatch, NVML_ERROR_LIB_RM_VERSION_MISMATCH);
SAME_NUMBER(Return::argument_version_mismatch, NVML_ERROR_ARGUMENT_VERSION_MISMATCH);
SAME_NUMBER(Return::not_ready, NVML_ERROR_NOT_READY);
SAME_NUMBER(Return::gpu_not_found, NVML_ERROR_GPU_NOT_FOUND);
SAME_NUMBER(Return::unknown, NVML_ERROR_UNKNOWN);

SAME_NUMBER(Clock::sm, NVML_CLOCK_SM);
SAME_NUMBER(Clock::memory, NVML_CLOCK_MEM);
SAME_NUMBER(Enabled::yes, NVML_FEATURE_ENABLED);
SAME_NUMBER(Sensor::gpu, NVML_TEMPERATURE_GPU);
SAME_NUMBER(MemoryError::uncorrected, NVML_MEMORY_ERROR_TYPE_UNCORRECTED);
SAME_NUMBER(Since::driver_load, NVML_VOLATILE_ECC);
SAME_NUMBER(LinkError::replay, NVML_NVLINK_ERROR_DL_REPLAY);
SAME_NUMBER(LinkError::recovery, NVML_NVLINK_ERROR_DL_RECOVERY);
SAME_NUMBER(LinkError::crc_flit, NVML_NVLINK_ERROR_DL_CRC_FLIT);
SAME_NUMBER(LinkError::crc_data, NVML_NVLINK_ERROR_DL_CRC_DATA);
SAME_NUMBER(LinkError::ecc_data, NVML_NVLINK_ERROR_DL_ECC_DATA);
SAME_NUMBER(LinkRemote::gpu, NVML_NVLINK_DEVICE_TYPE_GPU);
SAME_NUMBER(LinkRemote::npu, NVML_NVLINK_DEVICE_TYPE_IBMNPU);
SAME_NUMBER(LinkRemote::nvswitch, NVML_NVLINK_DEVICE_TYPE_SWITCH);
SAME_NUMBER(LinkRemote::unknown, NVML_NVLINK_DEVICE_TYPE_UNKNOWN);
SAME_NUMBER(Policy::power, NVML_PERF_POLICY_POWER);
SAME_NUMBER(Policy::thermal, NVML_PERF_POLICY_THERMAL);
SAME_NUMBER(ValueType::floating, NVML_VALUE_TYPE_DOUBLE);
SAME_NUMBER(ValueType::unsigned_int, NVML_VALUE_TYPE_UNSIGNED_INT);
SAME_NUMBER(ValueType::unsigned_long, NVML_VALUE_TYPE_UNSIGNED_LONG);
SAME_NUMBER(ValueType::unsigned_long_long, NVML_VALUE_TYPE_UNSIGNED_LONG_LONG);
SAME_NUMBER(ValueType::signed_long_long, NVML_VALUE_TYPE_SIGNED_LONG_LONG);
SAME_NUMBER(ValueType::signed_int, NVML_VALUE_TYPE_SIGNED_INT);
SAME_NUMBER(ValueType::unsigned_short, NVML_VALUE_TYPE_UNSIGNED_SHORT);

SAME_NUMBER(reason::idle, nvmlClocksEventReasonGpuIdle);
SAME_NUMBER(reason::application_clocks, nvmlClocksEventReasonApplicationsClocksSetting);
SAME_NUMBER(reason::power_cap, nvmlClocksEventReasonSwPowerCap);
SAME_NUMBER(reason::hardware_slowdown, nvmlClocksThrottleReasonHwSlowdown);
SAME_NUMBER(reason::sync_boost, nvmlClocksEventReasonSyncBoost);
SAME_NUMBER(reason::software_thermal, nvmlClocksEventReasonSwThermalSlowdown);
SAME_NUMBER(reason::hardware_thermal, nvmlClocksThrottleReasonHwThermalSlowdown);
SAME_NUMBER(reason::power_brake, nvmlClocksThrottleReasonHwPowerBrakeSlowdown);
SAME_NUMBER(reason::display_clocks, nvmlClocksEventReasonDisplayClockSetting);

SAME_NUMBER(field::power_cap_time, NVML_FI_DEV_PERF_POLICY_POWER);
SAME_NUMBER(field::nvlink_count, NVML_FI_DEV_NVLINK_LINK_COUNT);
SAME_NUMBER(field::nvlink_megabytes_per_second, NVML_FI_DEV_NVLINK_GET_SPEED);
SAME_NUMBER(field::power_average, NVML_FI_DEV_POWER_AVERAGE);
SAME_NUMBER(field::power_instant, NVML_FI_DEV_POWER_INSTANT);
static_assert(most_links >= NVML_NVLINK_MAX_LINKS);
static_assert(text_bytes >= NVML_DEVICE_UUID_V2_BUFFER_SIZE && text_bytes >= NVML_DEVICE_NAME_V2_BUFFER_SIZE);

#ifdef NVML_FI_DEV_CLOCKS_EVENT_REASON_SW_THERM_SLOWDOWN
// One header knows one numbering.
constexpr auto& times =
    NVML_FI_DEV_CLOCKS_EVENT_REASON_SW_THERM_SLOWDOWN == 251 ? field::slowdown_times_r575 : field::slowdown_times_r590;
SAME_NUMBER(times.software_thermal, NVML_FI_DEV_CLOCKS_EVENT_REASON_SW_THERM_SLOWDOWN);
SAME_NUMBER(times.hardware_thermal, NVML_FI_DEV_CLOCKS_EVENT_REASON_HW_THERM_SLOWDOWN);
SAME_NUMBER(times.power_brake, NVML_FI_DEV_CLOCKS_EVENT_REASON_HW_POWER_BRAKE_SLOWDOWN);
#endif

/// As many parameters, each of the same size, and a pointer where theirs is one.
template <class Ours, class Theirs>
constexpr bool same_call = false;
template <class... Ours, class Result, class... Theirs>
requires(sizeof...(Ours) == sizeof...(Theirs)) constexpr bool same_call<Return(Ours...), Result (*)(Theirs...)> =
    sizeof(Return) == sizeof(Result) &&
    ((sizeof(Ours) == sizeof(Theirs) && std::is_pointer_v<Ours> == std::is_pointer_v<Theirs>)&&...);

static_assert(same_call<Return(Device, unsigned*), decltype(&::nvmlDeviceGetPowerUsage)>);
static_assert(!same_call<Return(Device, unsigned), decltype(&::nvmlDeviceGetPowerUsage)>, "a check that can fail");
static_assert(!same_call<Return(Device), decltype(&::nvmlDeviceGetPowerUsage)>, "a check that can fail");

#define SAME_CALL(name, arguments) static_assert(same_call<Return arguments, decltype(&::name)>, #name);
GPUBENCH_NVML_REQUIRED(SAME_CALL)
GPUBENCH_NVML_OPTIONAL(SAME_CALL)

}  // namespace
}  // namespace gpubench::nvml
