#include "reports/history/series_key.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/core/format.hpp"
#include "harness/environment/digest.hpp"
#include "reports/reference/sku.hpp"

namespace gpubench {
namespace {

constexpr std::string_view mig_word = " MIG ";  // `NVIDIA A100-SXM4-80GB MIG 1g.10gb`

const DeviceInfo* info_of(const Context& context, const std::string& id) {
  const auto found = std::ranges::find(context.devices, id, &DeviceInfo::id);
  return found == context.devices.end() ? nullptr : &*found;
}

/// The memory of the whole card, which is what a reference tells; a slice has its own.
std::string sku_of(const DeviceInfo& device, const Gpu* gpu) {
  const double memory = gpu != nullptr && gpu->memory_bytes > 0 ? gpu->memory_bytes : device.memory_bytes;
  const SkuMatch match = match_sku(device.model, memory, references());
  return match.sure ? match.reference->id : device.model;
}

std::string mig_of(const DeviceInfo& device, const Gpu* gpu) {
  const auto at = device.model.find(mig_word);
  if (at != std::string::npos) return device.model.substr(at + mig_word.size());
  return gpu != nullptr && gpu->mig.value_or(false) ? "on" : "";
}

std::string megahertz(double hertz) { return fmt::format("{:.0f} MHz", hertz / 1e6); }

std::string clock_policy_of(const Gpu& gpu) {
  std::vector<std::string> set;
  if (gpu.sm_clock_application) set.push_back("SM " + megahertz(*gpu.sm_clock_application));
  if (gpu.memory_clock_application) set.push_back("memory " + megahertz(*gpu.memory_clock_application));
  return set.empty() ? "as found" : fmt::format("{}", fmt::join(set, ", "));
}

void put(Conditions& conditions, const std::string& what, const std::string& value) {
  if (!value.empty()) conditions[what] = value;
}

void put_gpus(Conditions& conditions, const Context& context, const DeviceInfo* device) {
  const GpuNode& node = *context.gpus;
  put(conditions, "driver", node.driver);
  if (node.plugin_cuda > 0) put(conditions, "CUDA", text_of_cuda(node.plugin_cuda));
  for (const Library& library : node.libraries) put(conditions, library.name, library.version);
  if (const Gpu* gpu = device != nullptr ? gpu_of(context, *device) : nullptr) put(conditions, "VBIOS", gpu->vbios);
}

/// In the order in which they are worth looking at; a library, a variable or a plan stands between.
constexpr std::array<std::string_view, 4> first{"driver", "VBIOS", "CUDA", "build"};
constexpr std::array<std::string_view, 4> last{"kernel", "operating system", "container", "governor"};

std::size_t rank_of(const std::string& what) {
  if (const auto found = std::ranges::find(first, what); found != first.end())
    return static_cast<std::size_t>(found - first.begin());
  if (const auto found = std::ranges::find(last, what); found != last.end())
    return 100 + static_cast<std::size_t>(found - last.begin());
  return what.starts_with("plan ") ? 50 : 10;
}

}  // namespace

SeriesKey series_key(const Context& context, const CaseResult& row) {
  SeriesKey key{.case_name = row.run_name,
                .method = row.method,
                .node = context.host.name,
                .device = row.device,
                .clock_policy = "as found"};
  const DeviceInfo* device = info_of(context, row.device);
  if (device == nullptr) return key;
  if (device->kind == "cpu") {
    key.sku = device->model;
    return key;
  }
  const Gpu* gpu = gpu_of(context, *device);
  if (!device->uuid.empty()) key.device = device->uuid;
  key.sku = sku_of(*device, gpu);
  key.mig = mig_of(*device, gpu);
  if (gpu == nullptr) return key;
  if (gpu->power_limit_watts) key.power_cap = fmt::format("{:.0f} W", *gpu->power_limit_watts);
  key.clock_policy = clock_policy_of(*gpu);
  return key;
}

Conditions conditions_of(const Context& context, const CaseResult& row) {
  Conditions conditions;
  const DeviceInfo* device = info_of(context, row.device);
  const bool on_cpu = device == nullptr || device->kind == "cpu";
  if (context.gpus && !on_cpu) put_gpus(conditions, context, device);
  if (device != nullptr)
    for (const Library& library : device->libraries) put(conditions, library.name, library.version);
  for (const auto& [operation, chosen] : row.plan) put(conditions, "plan " + operation, chosen);
  const Build& build = context.build;
  put(conditions,
      "build",
      fmt::format("{}{}, {} {} {}",
                  build.version,
                  build.commit.empty() ? "" : " (" + build.commit + ")",
                  build.compiler,
                  build.type,
                  build.flags));
  put(conditions, "kernel", context.host.kernel);
  put(conditions, "operating system", context.host.operating_system);
  put(conditions, "container", context.host.container);
  put(conditions, "governor", context.host.governor);
  for (const auto& [name, value] : context.environment) put(conditions, "variable " + name, value);
  return conditions;
}

std::string what_cut(const SeriesKey& before, const SeriesKey& now) {
  std::vector<std::string> cuts;
  const auto compare = [&](std::string_view what, const std::string& old, const std::string& young) {
    if (old != young)
      cuts.push_back(
          fmt::format("{} {} → {}", what, old.empty() ? "not told" : old, young.empty() ? "not told" : young));
  };
  compare("method", std::to_string(before.method), std::to_string(now.method));
  compare("GPU", before.sku, now.sku);
  compare("MIG", before.mig.empty() ? "whole" : before.mig, now.mig.empty() ? "whole" : now.mig);
  compare("power cap", before.power_cap, now.power_cap);
  compare("clocks", before.clock_policy, now.clock_policy);
  return fmt::format("{}", fmt::join(cuts, ", "));
}

std::vector<std::string> changes(const Conditions& before, const Conditions& now) {
  std::set<std::string> names;
  for (const auto& [what, value] : before) names.insert(what);
  for (const auto& [what, value] : now) names.insert(what);
  std::vector<std::pair<std::size_t, std::string>> found;
  const auto told = [](const Conditions& conditions, const std::string& what) {
    const auto at = conditions.find(what);
    return at == conditions.end() ? "none" : at->second;
  };
  for (const std::string& what : names)
    if (told(before, what) != told(now, what))
      found.emplace_back(rank_of(what), fmt::format("{} {} → {}", what, told(before, what), told(now, what)));
  std::ranges::stable_sort(found, {}, &std::pair<std::size_t, std::string>::first);
  std::vector<std::string> texts;
  for (auto& [rank, text] : found) texts.push_back(std::move(text));
  return texts;
}

}  // namespace gpubench
