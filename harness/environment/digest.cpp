#include "harness/environment/digest.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "harness/environment/sha256.hpp"

namespace gpubench {

namespace {

bool is_on(const DeviceInfo& device, const Gpu& gpu) {
  return (!device.pci.empty() && device.pci == gpu.pci) || (!device.uuid.empty() && device.uuid == gpu.uuid) ||
         std::ranges::find(gpu.mig_devices, device.uuid) != gpu.mig_devices.end();
}

std::string text_of(std::optional<bool> on) { return !on ? "-" : *on ? "on" : "off"; }

/// In whole units: what the driver rounds differently from night to night is no change.
std::string text_of(std::optional<double> value, double unit) {
  return value ? fmt::format("{:.0f}", *value / unit) : "-";
}

std::string settings_of(const Gpu& gpu) {
  return fmt::format(", mig {}, power limit {} W, sm clock {} of {} MHz, memory clock {} of {} MHz, ecc {}",
                     text_of(gpu.mig),
                     text_of(gpu.power_limit_watts, 1),
                     text_of(gpu.sm_clock_application, 1e6),
                     text_of(gpu.sm_clock_limit, 1e6),
                     text_of(gpu.memory_clock_application, 1e6),
                     text_of(gpu.memory_clock_limit, 1e6),
                     text_of(gpu.ecc));
}

}  // namespace

const Gpu* gpu_of(const Context& context, const DeviceInfo& device) {
  if (!context.gpus) return nullptr;
  const auto found = std::ranges::find_if(context.gpus->gpus, [&](const Gpu& gpu) { return is_on(device, gpu); });
  return found == context.gpus->gpus.end() ? nullptr : &*found;
}

std::string digest_text(const Context& context) {
  std::map<std::string, int> accelerators;  // sorted: the order in which devices are found says nothing
  std::string isa;
  for (const DeviceInfo& device : context.devices) {
    if (device.kind == "cpu") {
      isa = device.isa;
      continue;
    }
    const Gpu* gpu = gpu_of(context, device);
    ++accelerators[fmt::format("{} {}{}", device.kind, device.model, gpu ? settings_of(*gpu) : "")];
  }
  std::string text = fmt::format(
      "cpu {}\nusable cpus {}\nisa {}\n", context.host.cpu_model, context.host.usable_cpus, isa.empty() ? "-" : isa);
  for (const auto& [device, count] : accelerators) text += fmt::format("{} x {}\n", count, device);
  return text;
}

std::string digest(const Context& context) { return sha256(digest_text(context)); }

}  // namespace gpubench
