#include "harness/environment/digest.hpp"

#include <map>

#include <fmt/format.h>

#include "harness/environment/sha256.hpp"

namespace gpubench {

std::string digest_text(const Context& context) {
  std::map<std::string, int> accelerators;  // sorted: the order in which devices are found says nothing
  std::string isa;
  for (const DeviceInfo& device : context.devices) {
    if (device.kind == "cpu")
      isa = device.isa;
    else
      ++accelerators[fmt::format("{} {}", device.kind, device.model)];
  }
  std::string text = fmt::format(
      "cpu {}\nusable cpus {}\nisa {}\n", context.host.cpu_model, context.host.usable_cpus, isa.empty() ? "-" : isa);
  for (const auto& [device, count] : accelerators) text += fmt::format("{} x {}\n", count, device);
  return text;
}

std::string digest(const Context& context) { return sha256(digest_text(context)); }

}  // namespace gpubench
