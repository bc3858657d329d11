#include "harness/app/circumstances.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "harness/app/worker_environment.hpp"
#include "harness/environment/build_info.hpp"
#include "harness/environment/digest.hpp"
#include "harness/environment/host.hpp"

namespace gpubench {

std::string utc_now() {
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
}

Context circumstances(const Hello& hello,
                      const std::vector<std::string>& devices,
                      const std::vector<std::string>& command_line,
                      std::uint64_t seed) {
  Context context{.build = build_info(),
                  .command_line = command_line,
                  .seed = seed,
                  .start = utc_now(),
                  .host = capture_host(),
                  .absent = hello.absent,
                  .gpus = hello.gpus,
                  .environment = hello.environment};
  std::ranges::copy_if(hello.devices, std::back_inserter(context.devices), [&](const DeviceInfo& device) {
    return std::ranges::find(devices, device.id) != devices.end();
  });
  context.digest = digest(context);
  return context;
}

std::vector<std::string> context_warnings(const Context& context) {
  std::vector<std::string> warnings;
  const bool cpu = std::ranges::any_of(context.devices, [](const auto& device) { return device.kind == "cpu"; });
  if (cpu)
    for (const std::string& limit : limits_on_the_cpu())
      warnings.push_back(fmt::format("{} is set: the numbers are not those of this CPU", limit));
  return warnings;
}

}  // namespace gpubench
