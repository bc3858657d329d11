#include "reports/compare/environment.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gpubench {
namespace {

struct Cause {
  std::string_view what, why;
};

/// In the order in which they are worth looking at. A name that is not here stands after them.
constexpr std::array causes{Cause{"devices", "another device: everything may differ"},
                            Cause{"MIG", "a slice has a share of the units and of the memory bandwidth"},
                            Cause{"power limit", "a lower limit lowers the clock under load"},
                            Cause{"SM clock set", "compute-bound cases follow the clock"},
                            Cause{"SM clock limit", "compute-bound cases follow the clock"},
                            Cause{"memory clock set", "memory-bound cases follow it"},
                            Cause{"memory clock limit", "memory-bound cases follow it"},
                            Cause{"ECC", "ECC takes memory bandwidth where the memory has none of its own for it"},
                            Cause{"instructions", "decides which kernels a CPU library may choose"},
                            Cause{"CPU", "another processor: CPU cases, and launches on a GPU"},
                            Cause{"usable CPUs", "CPU cases scale with them"},
                            Cause{"governor", "the processor's clock"},
                            Cause{"cuBLASLt", "other kernels for products"},
                            Cause{"cuDNN", "other kernels for convolutions"},
                            Cause{"NCCL", "other algorithms for collectives"},
                            Cause{"oneDNN", "other kernels on the CPU"},
                            Cause{"driver", "compilers and launch costs"},
                            Cause{"plug-in", "built with another CUDA"},
                            Cause{"NVLinks active", "collectives and copies between GPUs"},
                            Cause{"PCIe", "copies to and from the host"},
                            Cause{"fabric", "collectives"},
                            Cause{"gpubench", "another version of this program"},
                            Cause{"build", "other compiler or options"},
                            Cause{"container", "limits and libraries of its own"},
                            Cause{"NUMA nodes", "where memory lies"},
                            Cause{"seed", "other data and another order of cases"},
                            Cause{"persistence", "the first use after idle takes longer"},
                            Cause{"kernel", ""},
                            Cause{"operating system", ""},
                            Cause{"digest", "nightly and check compare equal digests only"}};

std::size_t rank_of(const std::string& what) {
  if (what.starts_with("variable ")) return 11;  // OMP_NUM_THREADS and its like: as likely as the governor
  const auto found = std::ranges::find(causes, what, &Cause::what);
  return static_cast<std::size_t>(found - causes.begin());
}

std::string why_of(const std::string& what) {
  if (what.starts_with("variable ")) return "set from outside";
  const auto found = std::ranges::find(causes, what, &Cause::what);
  return found == causes.end() ? "" : std::string(found->why);
}

class Facts {
 public:
  void add(const std::string& what, const std::string& value) {
    if (!value.empty()) facts_.emplace_back(what, value);
  }
  /// What several GPUs tell, each value once.
  template <class Tell>
  void add_of_gpus(const std::string& what, const Context& context, const Tell& tell) {
    std::set<std::string> values;
    for (const Gpu& gpu : context.gpus->gpus)
      if (const std::string text = tell(gpu); !text.empty()) values.insert(text);
    add(what, fmt::format("{}", fmt::join(values, ", ")));
  }
  std::vector<std::pair<std::string, std::string>> take() { return std::move(facts_); }

 private:
  std::vector<std::pair<std::string, std::string>> facts_;
};

std::string text_of(std::optional<bool> on) { return !on ? "" : *on ? "on" : "off"; }
std::string text_of(std::optional<double> value, double one, std::string_view unit) {
  return value ? fmt::format("{:.0f} {}", *value / one, unit) : "";
}
std::string mhz(std::optional<double> hertz) { return text_of(hertz, 1e6, "MHz"); }

std::string devices_text(const Context& context) {
  std::map<std::string, int> models;
  for (const DeviceInfo& device : context.devices)
    if (device.kind != "cpu") ++models[device.model];
  std::vector<std::string> texts;
  for (const auto& [model, count] : models) texts.push_back(fmt::format("{} x {}", count, model));
  return fmt::format("{}", fmt::join(texts, ", "));
}

void add_gpus(Facts& facts, const Context& context) {
  facts.add("driver", context.gpus->driver);
  facts.add("plug-in", context.gpus->plugin);
  facts.add_of_gpus("MIG", context, [](const Gpu& gpu) { return text_of(gpu.mig); });
  facts.add_of_gpus("ECC", context, [](const Gpu& gpu) { return text_of(gpu.ecc); });
  facts.add_of_gpus("persistence", context, [](const Gpu& gpu) { return text_of(gpu.persistence); });
  facts.add_of_gpus("power limit", context, [](const Gpu& gpu) { return text_of(gpu.power_limit_watts, 1, "W"); });
  facts.add_of_gpus("SM clock limit", context, [](const Gpu& gpu) { return mhz(gpu.sm_clock_limit); });
  facts.add_of_gpus("SM clock set", context, [](const Gpu& gpu) { return mhz(gpu.sm_clock_application); });
  facts.add_of_gpus("memory clock limit", context, [](const Gpu& gpu) { return mhz(gpu.memory_clock_limit); });
  facts.add_of_gpus("memory clock set", context, [](const Gpu& gpu) { return mhz(gpu.memory_clock_application); });
  facts.add_of_gpus("fabric", context, [](const Gpu& gpu) { return gpu.fabric; });
  facts.add_of_gpus("PCIe", context, [](const Gpu& gpu) {
    return gpu.pcie.max_generation > 0 ? fmt::format("Gen{} x{}", gpu.pcie.max_generation, gpu.pcie.max_width) : "";
  });
  facts.add_of_gpus("NVLinks active", context, [](const Gpu& gpu) {
    return gpu.links.empty() ? "" : fmt::format("{}", std::ranges::count_if(gpu.links, &GpuLink::active));
  });
  for (const Library& library : context.gpus->libraries) facts.add(library.name, library.version);
}

std::string told(const Side& side, const std::string& what) {
  const auto found = side.environment.find(what);
  if (found == side.environment.end()) return "not told";
  const auto& values = found->second.values;
  if (values.size() == 1) return values.begin()->first;
  std::vector<std::pair<int, std::string>> ordered;
  for (const auto& [value, files] : values) ordered.emplace_back(-files, value);
  std::ranges::sort(ordered);
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, ordered.size()); ++i)
    text += fmt::format("{}{} ({} of {} files)", i > 0 ? ", " : "", ordered[i].second, -ordered[i].first, side.files);
  return ordered.size() > 3 ? fmt::format("{} and {} more", text, ordered.size() - 3) : text;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> facts_of(const Context& context) {
  Facts facts;
  facts.add("devices", devices_text(context));
  if (context.gpus) add_gpus(facts, context);
  for (const DeviceInfo& device : context.devices) {
    if (device.kind != "cpu") continue;
    facts.add("instructions", device.isa);
    for (const Library& library : device.libraries) facts.add(library.name, library.version);
  }
  const Host& host = context.host;
  facts.add("CPU", host.cpu_model);
  facts.add("usable CPUs", std::to_string(host.usable_cpus));
  facts.add("governor", host.governor);
  facts.add("NUMA nodes", std::to_string(host.numa_nodes));
  facts.add("container", host.container.empty() ? "none" : host.container);
  facts.add("kernel", host.kernel);
  facts.add("operating system", host.operating_system);
  facts.add("gpubench",
            context.build.commit.empty() ? context.build.version
                                         : fmt::format("{} ({})", context.build.version, context.build.commit));
  facts.add("build", fmt::format("{}, {}, {}", context.build.compiler, context.build.type, context.build.flags));
  facts.add("seed", std::to_string(context.seed));
  for (const auto& [name, value] : context.environment) facts.add("variable " + name, value);
  facts.add("digest", context.digest.substr(0, 12));
  return facts.take();
}

std::vector<EnvironmentDifference> environment_differences(const Side& a, const Side& b) {
  if (a.published || b.published) return {};
  std::set<std::string> all;
  for (const Side* side : {&a, &b})
    for (const auto& [what, fact] : side->environment) all.insert(what);
  std::vector<EnvironmentDifference> differences;
  for (const std::string& what : all) {
    const auto in_a = a.environment.find(what), in_b = b.environment.find(what);
    const bool both = in_a != a.environment.end() && in_b != b.environment.end();
    const auto same_values = [&] {
      return std::ranges::equal(
          in_a->second.values,
          in_b->second.values,
          {},
          [](const auto& value) { return value.first; },
          [](const auto& value) { return value.first; });
    };
    if (both && same_values()) continue;
    differences.push_back({.what = what, .a = told(a, what), .b = told(b, what), .why = why_of(what)});
  }
  std::ranges::stable_sort(differences, {}, [](const auto& one) { return rank_of(one.what); });
  return differences;
}

}  // namespace gpubench
