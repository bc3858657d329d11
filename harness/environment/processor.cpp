#include "harness/environment/processor.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "harness/environment/control_group.hpp"
#include "harness/environment/host.hpp"
#include "harness/environment/system_file.hpp"
#include "harness/environment/usable_cpus.hpp"

namespace gpubench {
namespace {

/// What oneDNN chooses its loops by.
constexpr std::array<std::string_view, 9> known_sets = {
    "avx2", "avx_vnni", "avx512f", "avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_tile", "amx_int8", "amx_bf16"};

Processor::Spread spread_of(const std::filesystem::path& root, const std::vector<int>& cpus) {
  std::set<std::string> sockets;
  std::set<std::pair<std::string, std::string>> cores;
  for (const int cpu : cpus) {
    const auto topology = root / fmt::format("sys/devices/system/cpu/cpu{}/topology", cpu);
    const std::string socket = system_file(topology / "physical_package_id");
    const std::string siblings = system_file(topology / "thread_siblings_list");
    if (!socket.empty()) sockets.insert(socket);
    if (!siblings.empty()) cores.emplace(socket, siblings);  // core ids repeat on each die of some processors
  }
  return {.cpus = static_cast<int>(cpus.size()),
          .cores = static_cast<int>(cores.size()),
          .sockets = static_cast<int>(sockets.size())};
}

std::set<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::set<std::string> words;
  for (std::string word; stream >> word;) words.insert(word);
  return words;
}

std::string set_of_group(const std::filesystem::path& root) {
  const ControlGroup group = control_group(root, "cpuset");
  for (const auto& folder : group.folders)
    for (const char* file : {"cpuset.cpus.effective", "cpuset.effective_cpus"})
      if (std::string list = system_file(folder / file); !list.empty()) return list;
  return {};
}

}  // namespace

Processor capture_processor(const std::filesystem::path& root) {
  const std::string cpuinfo = system_file(root / "proc/cpuinfo");
  const auto flags = words_of(value_of(cpuinfo, "flags", ':'));
  Processor found{.model = capture_host(root).cpu_model,
                  .allowed = value_of(system_file(root / "proc/self/status"), "Cpus_allowed_list", ':'),
                  .group_set = set_of_group(root),
                  .group_quota = granted_cpus(root),
                  .virtual_machine = flags.contains("hypervisor")};
  found.machine = spread_of(root, numbers_of_list(system_file(root / "sys/devices/system/cpu/online")));
  found.ours = spread_of(root, numbers_of_list(found.allowed));
  for (const std::string_view set : known_sets)
    if (flags.contains(std::string(set))) found.instruction_sets.emplace_back(set);
  return found;
}

ClockPolicy capture_clock_policy(const std::filesystem::path& root) {
  const auto cpu = root / "sys/devices/system/cpu";
  ClockPolicy policy{.governor = capture_host(root).governor,
                     .driver = system_file(cpu / "cpufreq/policy0/scaling_driver")};
  if (const std::string no_turbo = system_file(cpu / "intel_pstate/no_turbo"); !no_turbo.empty())
    policy.turbo = no_turbo == "0";
  else if (const std::string boost = system_file(cpu / "cpufreq/boost"); !boost.empty())
    policy.turbo = boost != "0";
  return policy;
}

}  // namespace gpubench
