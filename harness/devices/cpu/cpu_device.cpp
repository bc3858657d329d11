#include "harness/devices/cpu/cpu_device.hpp"

#include <chrono>
#include <unistd.h>

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

std::unique_ptr<Watch> CpuDevice::watch() { return std::make_unique<ContentionWatch>(); }

}  // namespace gpubench
