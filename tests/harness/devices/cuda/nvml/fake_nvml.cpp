#include "tests/harness/devices/cuda/nvml/fake_nvml.hpp"

#include <algorithm>
#include <memory>

namespace gpubench::nvml {
namespace {

std::unique_ptr<FakeMachine> played;
int sessions = 0;

Return handle_with(const char* key, const std::string& value, Device* to) {
  for (const auto& gpu : played->gpus) {
    if (gpu->fact(key) == value) return *to = gpu.get(), gpu->lost ? Return::gpu_is_lost : Return::success;
    for (const auto& mig : gpu->mig)
      if (mig->fact(key) == value) return *to = mig.get(), Return::success;
  }
  return Return::not_found;
}

const char* clock_key(Clock clock, const char* sm, const char* memory) { return clock == Clock::memory ? memory : sm; }

// A function that is declared and not defined is an undefined symbol, which the linker refuses.
#define GPUBENCH_NVML_ADDRESS(name, arguments) reinterpret_cast<const void*>(&name),
[[gnu::used]] const void* const all_functions[] = {GPUBENCH_NVML_REQUIRED(GPUBENCH_NVML_ADDRESS)
                                                       GPUBENCH_NVML_OPTIONAL(GPUBENCH_NVML_ADDRESS)};

}  // namespace

const FakeMachine* machine() { return played.get(); }

Return entered(const char* function) {
  if (!played) return Return::uninitialized;
  const auto& missing = played->missing_functions;
  return std::find(missing.begin(), missing.end(), function) == missing.end() ? Return::success
                                                                              : Return::function_not_found;
}

Return entered(const char* function, Device gpu) {
  if (const Return status = entered(function); status != Return::success) return status;
  const bool identity = !std::strcmp(function, "nvmlDeviceGetName") || !std::strcmp(function, "nvmlDeviceGetUUID") ||
                        !std::strcmp(function, "nvmlDeviceGetPciInfo_v3");
  return gpu->lost || (gpu->dying && !identity) ? Return::gpu_is_lost : Return::success;
}

Return write(const std::string& text, char* to, unsigned bytes) {
  if (text.size() >= bytes) return Return::insufficient_size;
  std::memcpy(to, text.c_str(), text.size() + 1);
  return Return::success;
}

namespace {

Return tell_text(const char* function, Device gpu, const char* key, char* to, unsigned bytes) {
  if (const Return status = entered(function, gpu); status != Return::success) return status;
  const nlohmann::json& fact = gpu->fact(key);
  return fact.is_null() ? Return::not_supported : write(fact.get<std::string>(), to, bytes);
}

Return tell_system(const char* function, const char* key, char* to, unsigned bytes) {
  const Return status = entered(function);
  return status == Return::success ? write(played->facts.at(key).get<std::string>(), to, bytes) : status;
}

}  // namespace

extern "C" {

Return nvmlInit_v2() {
  if (sessions++ == 0) played = std::make_unique<FakeMachine>(machine_of_environment());
  const Return status = played->init;
  if (status != Return::success) sessions = 0, played.reset();
  return status;
}
Return nvmlShutdown() {
  if (sessions == 0) return Return::uninitialized;
  if (--sessions == 0) played.reset();
  return Return::success;
}
Return nvmlSystemGetDriverVersion(char* to, unsigned bytes) { return tell_system(__func__, "driver", to, bytes); }
Return nvmlSystemGetNVMLVersion(char* to, unsigned bytes) { return tell_system(__func__, "nvml", to, bytes); }
Return nvmlSystemGetCudaDriverVersion_v2(int* version) {
  const Return status = entered(__func__);
  if (status == Return::success) *version = played->facts.at("cuda").get<int>();
  return status;
}
Return nvmlDeviceGetCount_v2(unsigned* count) {
  const Return status = entered(__func__);
  if (status == Return::success) *count = static_cast<unsigned>(played->gpus.size());
  return status;
}
Return nvmlDeviceGetHandleByIndex_v2(unsigned index, Device* gpu) {
  if (const Return status = entered(__func__); status != Return::success) return status;
  if (index >= played->gpus.size()) return Return::invalid_argument;
  *gpu = played->gpus[index].get();
  return (*gpu)->lost ? Return::gpu_is_lost : Return::success;
}
Return nvmlDeviceGetHandleByUUID(const char* uuid, Device* gpu) {
  const Return status = entered(__func__);
  return status == Return::success ? handle_with("uuid", uuid, gpu) : status;
}
Return nvmlDeviceGetHandleByPciBusId_v2(const char* pci, Device* gpu) {
  const Return status = entered(__func__);
  return status == Return::success ? handle_with("pci", pci, gpu) : status;
}
Return nvmlDeviceGetName(Device gpu, char* to, unsigned bytes) { return tell_text(__func__, gpu, "name", to, bytes); }
Return nvmlDeviceGetUUID(Device gpu, char* to, unsigned bytes) { return tell_text(__func__, gpu, "uuid", to, bytes); }
Return nvmlDeviceGetVbiosVersion(Device gpu, char* to, unsigned bytes) {
  return tell_text(__func__, gpu, "vbios", to, bytes);
}
Return nvmlDeviceGetPciInfo_v3(Device gpu, PciInfo* to) {
  *to = {};
  return tell_text(__func__, gpu, "pci", to->id, sizeof to->id);
}
Return nvmlDeviceGetCudaComputeCapability(Device gpu, int* major, int* minor) {
  if (const Return status = entered(__func__, gpu); status != Return::success) return status;
  const nlohmann::json& fact = gpu->fact("compute_capability");
  if (fact.is_null()) return Return::not_supported;
  *major = fact[0], *minor = fact[1];
  return Return::success;
}
Return nvmlDeviceGetMemoryInfo(Device gpu, Memory* memory) {
  const Return status = tell(__func__, gpu, "memory_bytes", &memory->total);
  return status == Return::success ? tell(__func__, gpu, "memory_used_bytes", &memory->used) : status;
}
Return nvmlDeviceGetMemoryInfo_v2(Device gpu, MemoryV2* memory) {
  if (memory->version != memory_v2) return Return::argument_version_mismatch;
  const Return status = tell(__func__, gpu, "memory_bytes", &memory->total);
  return status == Return::success ? tell(__func__, gpu, "memory_used_bytes", &memory->used) : status;
}
Return nvmlDeviceGetMemoryBusWidth(Device gpu, unsigned* bits) { return tell(__func__, gpu, "memory_bus_bits", bits); }
Return nvmlDeviceGetClockInfo(Device gpu, Clock clock, unsigned* megahertz) {
  return tell(__func__, gpu, clock_key(clock, "sm_mhz", "memory_mhz"), megahertz);
}
Return nvmlDeviceGetMaxClockInfo(Device gpu, Clock clock, unsigned* megahertz) {
  return tell(__func__, gpu, clock_key(clock, "sm_max_mhz", "memory_max_mhz"), megahertz);
}
Return nvmlDeviceGetApplicationsClock(Device gpu, Clock clock, unsigned* megahertz) {
  return tell(__func__, gpu, clock_key(clock, "sm_application_mhz", "memory_application_mhz"), megahertz);
}
Return nvmlDeviceGetDefaultApplicationsClock(Device gpu, Clock clock, unsigned* megahertz) {
  return tell(
      __func__, gpu, clock_key(clock, "sm_default_application_mhz", "memory_default_application_mhz"), megahertz);
}
Return nvmlDeviceGetPersistenceMode(Device gpu, Enabled* mode) { return tell(__func__, gpu, "persistence", mode); }
Return nvmlDeviceGetEnforcedPowerLimit(Device gpu, unsigned* milliwatts) {
  return tell(__func__, gpu, "milliwatt_limit", milliwatts);
}
Return nvmlDeviceGetPowerManagementDefaultLimit(Device gpu, unsigned* milliwatts) {
  return tell(__func__, gpu, "default_milliwatt_limit", milliwatts);
}
Return nvmlDeviceGetTemperature(Device gpu, Sensor, unsigned* celsius) {
  return tell(__func__, gpu, "celsius", celsius);
}
Return nvmlDeviceGetEccMode(Device gpu, Enabled* now, Enabled* pending) {
  const Return status = tell(__func__, gpu, "ecc", now);
  return status == Return::success ? tell(__func__, gpu, "ecc_pending", pending) : status;
}
Return nvmlDeviceGetRemappedRows(
    Device gpu, unsigned* corrected, unsigned* uncorrected, unsigned* pending, unsigned* failed) {
  if (const Return status = entered(__func__, gpu); status != Return::success) return status;
  const nlohmann::json& rows = gpu->fact("remapped_rows");
  if (rows.is_null()) return Return::not_supported;
  *corrected = rows[0], *uncorrected = rows[1], *pending = rows[2], *failed = rows[3];
  return Return::success;
}
Return nvmlDeviceGetMigMode(Device gpu, unsigned* now, unsigned* pending) {
  const Return status = tell(__func__, gpu, "mig", now);
  return status == Return::success ? tell(__func__, gpu, "mig_pending", pending) : status;
}
Return nvmlDeviceGetMaxMigDeviceCount(Device gpu, unsigned* count) {
  const Return status = entered(__func__, gpu);
  return status == Return::success ? (*count = 7, status) : status;
}
Return nvmlDeviceGetMigDeviceHandleByIndex(Device gpu, unsigned index, Device* mig) {
  if (const Return status = entered(__func__, gpu); status != Return::success) return status;
  if (index >= gpu->mig.size()) return Return::not_found;
  *mig = gpu->mig[index].get();
  return Return::success;
}
Return nvmlDeviceGetDeviceHandleFromMigDeviceHandle(Device mig, Device* gpu) {
  if (const Return status = entered(__func__, mig); status != Return::success) return status;
  if (!mig->parent) return Return::invalid_argument;
  *gpu = mig->parent;
  return Return::success;
}
Return nvmlDeviceGetComputeRunningProcesses_v3(Device gpu, unsigned* count, Process* processes) {
  if (const Return status = entered(__func__, gpu); status != Return::success) return status;
  const nlohmann::json& facts = gpu->fact("processes");
  if (facts.is_null()) return Return::not_supported;
  const unsigned room = *count;
  *count = static_cast<unsigned>(facts.size());
  if (room < *count) return Return::insufficient_size;
  for (std::size_t i = 0; i < facts.size(); ++i)
    processes[i] = {.pid = facts[i]["pid"],
                    .used_bytes = facts[i].value("bytes", not_available),
                    .gpu_instance = 0,
                    .compute_instance = 0};
  return Return::success;
}

}  // extern "C"

}  // namespace gpubench::nvml
