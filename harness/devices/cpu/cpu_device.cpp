#include "harness/devices/cpu/cpu_device.hpp"

#include <chrono>
#include <unistd.h>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "harness/core/format.hpp"
#include "harness/devices/cpu/caches.hpp"
#include "harness/devices/cpu/contention.hpp"
#include "harness/devices/cpu/cores.hpp"
#include "harness/devices/cpu/memory.hpp"
#include "harness/devices/cpu/onednn_api.hpp"

namespace gpubench {
namespace {

const std::filesystem::path root = "/";

cpu::Load load_now() {
  cpu::Load load = cpu::machine_load(root, cpu::allowed_cpus(), static_cast<double>(sysconf(_SC_CLK_TCK)));
  cpu::add_own_load(load);
  return load;
}

class ContentionWatch : public Watch {
 public:
  Seen stop() override { return cpu::contention(before_, load_now()); }

 private:
  cpu::Load before_ = load_now();
};

Library onednn_found() {
  if (auto missing = onednn_library().missing()) return {.name = "oneDNN", .missing = *missing};
  return {.name = "oneDNN", .version = onednn_version(), .path = onednn_library().path()};
}

/// Over arrays of more than twice what the caches hold. A kernel may hold its memory while this is asked for.
cpu::Reached most_bytes_now() {
  const double bytes = 2.2 * cpu::cache_bytes(), has = cpu::available_memory(root);
  if (2 * bytes > has)
    return {.by = fmt::format("not measured, its arrays of {} would take more than half of the {} there are",
                              text_of_bytes(bytes),
                              text_of_bytes(has))};
  try {
    return cpu::most_bytes(static_cast<std::size_t>(bytes));
  } catch (const OutOfMemory& none) {  // the case that asks has its result without it
    return {.by = fmt::format("not measured, {}", none.what())};
  }
}

}  // namespace

std::vector<double> CpuPlace::time(Kernel& kernel, int runs, int samples) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> seconds;
  seconds.reserve(static_cast<std::size_t>(samples));
  auto mark = Clock::now();
  for (int i = 0; i < samples; ++i) {
    kernel.enqueue(runs);
    const auto now = Clock::now();
    seconds.push_back(std::chrono::duration<double>(now - mark).count() / runs);
    mark = now;
  }
  return seconds;
}

DeviceInfo CpuDevice::info() const {
  DeviceInfo info{.id = "cpu", .kind = "cpu", .model = cpu::model(root)};
  info.cores = cpu::usable_cores(static_cast<int>(cpu::allowed_cpus().size()), cpu::cpu_quota(root));
  info.memory_bytes = cpu::total_memory(root);
  info.libraries.push_back(onednn_found());
  if (!info.libraries.back().missing.empty()) return info;
  info.isa = onednn::effective_isa();
  if (info.isa.find("amx") != std::string::npos) info.features.emplace_back("AMX");
  return info;
}

double CpuDevice::available_memory() const { return cpu::available_memory(root); }

std::optional<double> CpuDevice::peak_memory() const {
  if (!peak_is_ours_) return std::nullopt;
  return cpu::peak_memory(root);
}

void CpuDevice::reset_peak_memory() { peak_is_ours_ = cpu::reset_peak(root); }

double CpuDevice::cpu_seconds() const {
  cpu::Load load;
  cpu::add_own_load(load);
  return load.own_seconds;
}

std::optional<Ceiling> CpuDevice::ceiling(const std::string& precision_or_mode) {
  const Precision precision = cpu::ceiling_precision(precision_or_mode);
  if (!most_flops_.contains(precision)) most_flops_[precision] = cpu::most_flops(precision, cpu::instructions());
  if (!most_bytes_) most_bytes_ = most_bytes_now();
  const cpu::Reached& flops = most_flops_[precision];
  return Ceiling{.flops_per_second = flops.per_second,
                 .bytes_per_second = most_bytes_->per_second,
                 .precision = std::string(name(flops.precision)),
                 .by = fmt::format("{}; memory: {}", flops.by, most_bytes_->by)};
}

std::unique_ptr<Watch> CpuDevice::watch() { return std::make_unique<ContentionWatch>(); }

}  // namespace gpubench
