#include "harness/devices/cuda/cuda_device.hpp"

#include <ctime>
#include <utility>

#include <fmt/format.h>

#include "harness/devices/cuda/silicon.hpp"

namespace gpubench::cuda {

CudaDevice::CudaDevice(Properties properties, std::vector<Library> libraries)
    : properties_(std::move(properties)),
      libraries_(std::move(libraries)),
      memory_(properties_.ordinal),
      place_(fmt::format("cuda:{}", properties_.ordinal),
             {{.ordinal = properties_.ordinal,
               .multiprocessors = properties_.multiprocessors,
               .l2_bytes = properties_.l2_bytes}},
             [this](double hertz) { telemetry().add_clock(hertz); }) {}

DeviceInfo CudaDevice::info() const {
  DeviceInfo info{.id = place_.name(),
                  .kind = "cuda",
                  .model = properties_.name,
                  .uuid = properties_.uuid,
                  .pci = properties_.pci,
                  .cores = properties_.multiprocessors,
                  .isa = fmt::format("sm_{}", properties_.capability),
                  .memory_bytes = properties_.memory_bytes,
                  .libraries = libraries_};
  if (properties_.uuid.starts_with("MIG-"))
    info.features.push_back(fmt::format("MIG slice of {} multiprocessors", properties_.multiprocessors));
  return info;
}

double CudaDevice::cpu_seconds() const {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + 1e-9 * static_cast<double>(used.tv_nsec);
}

GpuTelemetry& CudaDevice::telemetry() {
  if (!telemetry_) telemetry_.emplace(properties_.uuid.starts_with("MIG-") ? properties_.uuid : properties_.pci);
  return *telemetry_;
}

std::unique_ptr<Watch> CudaDevice::watch() { return telemetry().watch(); }

std::optional<Condition> CudaDevice::condition() { return telemetry().condition(); }

std::optional<Ceiling> CudaDevice::ceiling(const std::string& precision_or_mode) {
  return most_of_silicon(properties_, precision_or_mode, properties_.sm_hertz);
}

std::optional<Ceiling> CudaDevice::silicon(const std::string& precision_or_mode, const Watch::Seen& seen) const {
  const auto highest = seen.readings.find("sm_clock_max_hz");
  return most_of_silicon(
      properties_, precision_or_mode, highest == seen.readings.end() ? properties_.sm_hertz : highest->second);
}

}  // namespace gpubench::cuda
