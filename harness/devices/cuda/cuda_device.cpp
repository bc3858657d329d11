#include "harness/devices/cuda/cuda_device.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

#include <fmt/format.h>

#include "harness/devices/cuda/silicon.hpp"
#include "harness/measure/statistics.hpp"

namespace gpubench::cuda {
namespace {

// Readings of a window, in hertz: of the multiprocessors' own counters where blocks are long enough to tell.
constexpr const char* clock_key = "sm_clock_hz";
constexpr const char* highest_clock_key = "sm_clock_max_hz";
constexpr const char* lowest_clock_key = "sm_clock_min_hz";

/// What the monitor sees, and the clocks that the place counted.
class DeviceWatch : public Watch {
 public:
  DeviceWatch(CudaPlace& place, std::unique_ptr<Watch> monitor) : place_(place), monitor_(std::move(monitor)) {
    place_.take_clocks();  // those of before
  }

  Seen stop() override {
    Seen seen = monitor_ ? monitor_->stop() : Seen{};
    const std::vector<double> clocks = place_.take_clocks();
    if (clocks.empty()) return seen;
    const auto [lowest, highest] = std::ranges::minmax(clocks);
    seen.readings[clock_key] = median(clocks);
    // A poll catches moments that the mean of a block hides.
    const auto widen = [&](const char* key, double clock, auto better) {
      const auto [entry, is_new] = seen.readings.try_emplace(key, clock);
      if (!is_new) entry->second = better(entry->second, clock);
    };
    widen(highest_clock_key, highest, [](double a, double b) { return std::max(a, b); });
    widen(lowest_clock_key, lowest, [](double a, double b) { return std::min(a, b); });
    return seen;
  }

 private:
  CudaPlace& place_;
  std::unique_ptr<Watch> monitor_;
};

}  // namespace

CudaDevice::CudaDevice(Properties properties, std::vector<Library> libraries, std::unique_ptr<Monitor> monitor)
    : properties_(std::move(properties)),
      libraries_(std::move(libraries)),
      monitor_(std::move(monitor)),
      memory_(properties_.ordinal),
      place_(fmt::format("cuda:{}", properties_.ordinal),
             {{.ordinal = properties_.ordinal,
               .multiprocessors = properties_.multiprocessors,
               .l2_bytes = properties_.l2_bytes}}) {}

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

std::unique_ptr<Watch> CudaDevice::watch() {
  return std::make_unique<DeviceWatch>(place_, monitor_ ? monitor_->watch() : nullptr);
}

std::optional<Ceiling> CudaDevice::ceiling(const std::string& precision_or_mode) {
  return most_of_silicon(properties_, precision_or_mode, properties_.sm_hertz);
}

std::optional<Ceiling> CudaDevice::silicon(const std::string& precision_or_mode, const Watch::Seen& seen) const {
  const auto highest = seen.readings.find(highest_clock_key);
  return most_of_silicon(
      properties_, precision_or_mode, highest == seen.readings.end() ? properties_.sm_hertz : highest->second);
}

std::optional<Condition> CudaDevice::condition() {
  Condition now = monitor_ ? monitor_->condition() : Condition{};
  if (const std::vector<double> clocks = place_.take_clocks(); !clocks.empty()) now.clock_hertz = median(clocks);
  return now;
}

}  // namespace gpubench::cuda
