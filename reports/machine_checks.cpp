#include "reports/machine_checks.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/core/format.hpp"

namespace gpubench {
namespace {

using enum CheckVerdict;

constexpr double noticeable_share = 0.05;  // above it a case says that it was contended
constexpr double enough_memory = 3e9;      // ResNet-50 in fp32 at its own batch, and the system beside it

std::string percent(double share) { return fmt::format("{:.0f} %", 100 * share); }

Check governor_check(const ClockPolicy& policy, bool virtual_machine) {
  Check check{.group = "clock", .name = "governor", .found = policy.governor, .needed = "performance"};
  if (policy.governor.empty()) {
    check.needed.clear();
    check.found = virtual_machine ? "not shown to a virtual machine: its host decides" : "not shown by this kernel";
  } else if (policy.governor != "performance") {
    check.verdict = warning;
    check.advice =
        "clocks follow the load, so short cases are slower and times scatter: cpupower frequency-set -g "
        "performance, as root";
  }
  return check;
}

Check huge_pages_check(const std::string& mode) {
  Check check{.group = "memory", .name = "huge pages", .found = mode.empty() ? "not known" : mode};
  if (mode != "never") return check;
  check.needed = "madvise or always";
  check.verdict = warning;
  check.advice =
      "large tensors will lie in small pages and take longer: echo madvise > "
      "/sys/kernel/mm/transparent_hugepage/enabled, as root";
  return check;
}

/// A limit below what a training case takes.
Check limit_check(std::string name, std::string found, double left, const std::string& how_to_raise) {
  Check check{.group = "memory", .name = std::move(name), .found = std::move(found)};
  if (left >= enough_memory) return check;
  check.needed = text_of_bytes(enough_memory) + " for training at its own batch";
  check.verdict = warning;
  check.advice = fmt::format("large cases will be unsupported: {}, or take a smaller --batch", how_to_raise);
  return check;
}

std::string nodes_text(const MemoryLimits& limits) {
  if (limits.nodes.size() < 2) return "one node";
  std::vector<std::string> texts;
  for (const auto& [id, bytes, cpus] : limits.nodes)
    texts.push_back(fmt::format("node {}: {}, CPUs {}", id, text_of_bytes(bytes), cpus));
  return fmt::format("{}", fmt::join(texts, "; "));
}

Check busy_check(const std::vector<Neighbours::Busy>& busy) {
  constexpr std::size_t shown = 8;
  std::vector<std::string> texts;
  for (const auto& [process, name, share] : busy) {
    if (texts.size() == shown) break;
    texts.push_back(fmt::format("{} (pid {}) {}", name, process, percent(share)));
  }
  if (busy.size() > shown) texts.push_back(fmt::format("and {} more", busy.size() - shown));
  return {.group = "neighbours",
          .name = "processes",
          .found = busy.empty() ? "none above 5 % of a CPU" : fmt::format("of one CPU: {}", fmt::join(texts, ", "))};
}

}  // namespace

Checks clock_checks(const ClockPolicy& policy, const Processor& processor) {
  const char* turbo = !policy.turbo ? "not shown" : *policy.turbo ? "on" : "off";
  return {governor_check(policy, processor.virtual_machine),
          {.group = "clock", .name = "driver", .found = policy.driver.empty() ? "not shown" : policy.driver},
          {.group = "clock", .name = "turbo", .found = turbo},
          {.group = "clock", .name = "virtual machine", .found = processor.virtual_machine ? "yes" : "no"}};
}

Checks memory_checks(const MemoryLimits& limits) {
  Checks checks = {{.group = "memory", .name = "total", .found = text_of_bytes(limits.total)}};
  checks.push_back(limit_check(
      "available", text_of_bytes(limits.available), limits.available, "end what holds the memory of this machine"));
  if (limits.group_limit)
    checks.push_back(limit_check(
        "control group",
        fmt::format("limit {}, {} in use", text_of_bytes(*limits.group_limit), text_of_bytes(limits.group_used)),
        *limits.group_limit - limits.group_used,
        "raise the memory limit of the container or job"));
  else
    checks.push_back({.group = "memory", .name = "control group", .found = "no limit"});
  if (limits.address_space)
    checks.push_back(limit_check("address space",
                                 "limit " + text_of_bytes(*limits.address_space),
                                 *limits.address_space,
                                 "ulimit -v unlimited"));
  else
    checks.push_back({.group = "memory", .name = "address space", .found = "no limit"});
  checks.push_back(huge_pages_check(limits.huge_pages));
  checks.push_back({.group = "memory", .name = "NUMA", .found = nodes_text(limits)});
  return checks;
}

Checks neighbour_checks(const Neighbours& neighbours,
                        double seconds,
                        std::optional<double> pressure,
                        const std::vector<double>& load_average,
                        int cpus) {
  Check use{.group = "neighbours",
            .name = "CPU use of others",
            .found = fmt::format("{} over {}", percent(neighbours.share), text_of_seconds(seconds)),
            .needed = "at most 5 %"};
  if (neighbours.share > noticeable_share) {
    use.verdict = warning;
    use.advice =
        fmt::format("others are using {} of the CPU: what is measured now will say contended; end them or wait",
                    percent(neighbours.share));
  }
  Check stolen{.group = "neighbours",
               .name = "stolen by the host",
               .found = percent(neighbours.stolen_share),
               .needed = "at most 5 %"};
  if (neighbours.stolen_share > noticeable_share) {
    stolen.verdict = warning;
    stolen.advice = "the host of this virtual machine runs something else on its processors: ask for dedicated ones";
  }
  Check waiting{.group = "neighbours", .name = "CPU pressure", .found = "not told by this kernel"};
  if (pressure) waiting.found = fmt::format("in {} of the last 10 s a task waited for a CPU", percent(*pressure));
  std::string load = load_average.empty()
                         ? "not known"
                         : fmt::format("{} on {} CPU{}", fmt::join(load_average, ", "), cpus, cpus == 1 ? "" : "s");
  return {use,
          busy_check(neighbours.busy),
          stolen,
          waiting,
          {.group = "neighbours", .name = "load average", .found = std::move(load)}};
}

}  // namespace gpubench
