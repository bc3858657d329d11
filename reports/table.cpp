#include "reports/table.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/core/format.hpp"
#include "reports/exit_status.hpp"
#include "reports/group_table.hpp"
#include "reports/rate.hpp"

namespace gpubench {
namespace {

void remove_all(std::string& text, std::string_view what) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what)) text.erase(at, what.size());
}

/// A processor's name without what its maker adds to every one: `Intel(R) Xeon(R) Processor @ 2.6GHz` -> `Intel Xeon`.
std::string short_model(std::string model) {
  for (const char* noise : {"(R)", "(TM)", "(r)", "(tm)", " CPU", " Processor"}) remove_all(model, noise);
  model.erase(std::min(model.find(" @ "), model.size()));
  for (auto at = model.find("  "); at != std::string::npos; at = model.find("  ")) model.erase(at, 1);
  return model.erase(model.find_last_not_of(' ') + 1);
}

std::string device_text(const DeviceInfo& device) {
  std::string text = short_model(device.model);
  if (device.kind == "cpu") text += fmt::format(", {} core{}", device.cores, device.cores == 1 ? "" : "s");
  for (const std::string& feature : device.features) text += ", " + feature;
  return text;
}

/// Said once, with how often where there are several.
void add_once(std::vector<std::pair<std::string, int>>& said, const std::string& text) {
  for (auto& [before, times] : said)
    if (before == text) {
      ++times;
      return;
    }
  said.emplace_back(text, 1);
}

bool has_gpus(const Context& context) {
  return context.gpus && std::ranges::any_of(context.devices, [](const auto& one) { return one.kind == "cuda"; });
}

/// Behind the devices: `, driver 580.65.06 · CUDA 13.0`, the CUDA that the plug-in was built with.
std::string gpu_software(const GpuNode& node) {
  std::string text;
  if (!node.driver.empty()) text += ", driver " + node.driver;
  if (node.plugin_cuda > 0) text += " · CUDA " + text_of_cuda(node.plugin_cuda);
  return text;
}

std::string duration_text(double seconds) {
  return seconds < 120 ? fmt::format("{:.0f} s", seconds) : text_of_seconds(seconds);
}

std::string coverage_line(const Run& run, double run_seconds, const std::string& file) {
  std::string line = fmt::format("{} · {}", text_of(coverage(run)), duration_text(run_seconds));
  if (!file.empty()) line += " · " + file;
  return (run.complete ? "" : "This run did not end; what was finished is above.\n") + line + "\n";
}

std::string table_of(const Group& group, bool explain) {
  if (is_training(group)) return train_table(group, explain);
  return has_layers(group) ? layer_table(group) : case_table(group);
}

bool any_computed(const Run& run) {
  return std::ranges::any_of(run.results, [](const auto& row) { return row.ceiling && !row.ceiling->measured; });
}

/// Of a library that only measures there is nothing to say to people.
bool computes(const Library& library) { return library.missing.empty() && library.name != "CUPTI"; }

}  // namespace

std::string heading(const Context& context) {
  std::string text = "gpubench " + context.build.version;
  std::vector<std::pair<std::string, int>> devices, libraries;
  for (const DeviceInfo& device : context.devices) {
    add_once(devices, device_text(device));
    for (const Library& library : device.libraries)
      if (computes(library)) add_once(libraries, library.name + " " + library.version);
  }
  for (const auto& [device, times] : devices)
    text += " · " + (times > 1 ? fmt::format("{} x {}", times, device) : device);
  if (has_gpus(context)) text += gpu_software(*context.gpus);
  for (const auto& [library, times] : libraries) text += " · " + library;
  return fmt::format("{} · synthetic data, seed {}", text, context.seed);
}

std::string text_of(const Run& run, double run_seconds, const std::string& file, bool explain) {
  std::string text = heading(run.context) + "\n\n";
  const std::vector<Group> groups = groups_of(run);
  for (const Group& group : groups) text += table_of(group, explain) + "\n";
  if (const auto ceilings = ceiling_lines(groups); !ceilings.empty()) {
    text += any_computed(run) ? "Ceilings: the most that the device's units and clocks allow\n"
                              : "Ceilings: the most that this machine did in loops that do nothing else\n";
    for (const std::string& line : ceilings) text += "  " + line + "\n";
    text += "\n";
  }
  return text + coverage_line(run, run_seconds, file);
}

}  // namespace gpubench
