#include "harness/app/list_command.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "harness/app/probe.hpp"
#include "harness/core/error.hpp"
#include "reports/json.hpp"

namespace gpubench {
namespace {

constexpr std::string_view later = "not part of this version";

bool shown(const Suite& suite, const Options& options) {
  return options.suites.empty() || std::ranges::find(options.suites, suite.name) != options.suites.end();
}

Json json_of(const Program& program, const Options& options, const Probed& probed) {
  Json suites = Json::array(), devices = Json::array();
  for (const DeviceInfo& device : probed.hello.devices) devices.push_back(to_json(device));
  for (const Suite& suite : program.suites) {
    if (!shown(suite, options)) continue;
    Json cases = Json::array();
    for (const auto& [row, own_worker, why_not, uuid] : probed.cases)
      if (row.suite == suite.name)
        cases.push_back({{"name", row.run_name},
                         {"device", row.device},
                         {"runs", !why_not},
                         {"reason", why_not ? Json(*why_not) : Json(nullptr)}});
    suites.push_back({{"name", suite.name},
                      {"about", suite.about},
                      {"part_of_this_version", suite.lines != nullptr},
                      {"cases", cases}});
  }
  return {{"suites", suites}, {"devices", devices}, {"absent", probed.hello.absent}};
}

std::string text_of_device(const DeviceInfo& device) {
  return device.model.empty() ? device.id : fmt::format("{} ({})", device.id, device.model);
}

void show(const Program& program, const Options& options, const Probed& probed) {
  std::size_t widest = 0;
  for (const Candidate& one : probed.cases) widest = std::max(widest, one.row.run_name.size());
  for (const Suite& suite : program.suites) {
    if (!shown(suite, options)) continue;
    fmt::print("{:<10} {}{}\n", suite.name, suite.about, suite.lines ? "" : fmt::format(" ({})", later));
    for (const auto& [row, own_worker, why_not, uuid] : probed.cases)
      if (row.suite == suite.name)
        fmt::print(
            "  {:<{}}  {:<6}  {}\n", row.run_name, widest, row.device, why_not ? "unsupported: " + *why_not : "runs");
  }
  fmt::print("\n");
  for (const DeviceInfo& device : probed.hello.devices) fmt::print("device {}\n", text_of_device(device));
  for (const std::string& sentence : probed.hello.absent) fmt::print("no device of back-end {}\n", sentence);
}

}  // namespace

int list_command(const Program& program, const Options& options) {
  std::vector<std::string> asked = options.suites;
  std::erase_if(asked, [&](const std::string& name) {
    const auto suite = std::ranges::find(program.suites, name, &Suite::name);
    return suite != program.suites.end() && !suite->lines;  // it is shown, as what it is
  });
  const auto suites = asked.empty() && !options.suites.empty() ? asked : known_suites(program, asked);
  const Interrupt interrupt;
  const Probed probed = probe(program, suites, options.device, options.suite_options, interrupt);
  if (options.json)
    fmt::print("{}\n", json_of(program, options, probed).dump(2, ' ', false, Json::error_handler_t::replace));
  else
    show(program, options, probed);
  return 0;
}

}  // namespace gpubench
