#include <algorithm>
#include <charconv>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/machine_checks.hpp"

namespace gpubench {
namespace {

using enum CheckVerdict;

std::string count(int number, const char* what) { return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s"); }

std::string spread_text(const Processor::Spread& spread) {
  if (spread.cores == 0) return count(spread.cpus, "CPU");
  return fmt::format(
      "{}, {}, {}", count(spread.sockets, "socket"), count(spread.cores, "core"), count(spread.cpus, "CPU"));
}

Check allowed_check(const Processor& found) {
  Check check{.group = "processor",
              .name = "allowed CPUs",
              .found = fmt::format("{} ({} of {})", found.allowed, found.ours.cpus, found.machine.cpus),
              .needed = "all of them"};
  if (found.ours.cpus == 0) {
    check.found = "none that can be read";
    check.verdict = error;
    check.advice = "no processor to run on was found: /proc/self/status or its Cpus_allowed_list cannot be read";
  } else if (found.ours.cpus < found.machine.cpus) {
    check.verdict = warning;
    check.advice = fmt::format(
        "only {} of {} CPUs may be used: the numbers will be those of a part of this machine; taskset, the batch "
        "system or the container's cpuset decides",
        found.ours.cpus,
        found.machine.cpus);
  }
  return check;
}

Check group_check(const Processor& found) {
  Check check{.group = "processor", .name = "control group", .found = "no quota"};
  if (found.group_quota) check.found = fmt::format("quota of {:.3g} CPUs", *found.group_quota);
  if (!found.group_set.empty()) check.found += fmt::format(", cpuset {}", found.group_set);
  if (!found.group_quota || *found.group_quota >= found.ours.cpus) return check;
  check.needed = fmt::format("a quota of {} or none", count(found.ours.cpus, "CPU"));
  check.verdict = warning;
  check.advice =
      "threads are stopped in the middle of a step when the quota is used up; give whole CPUs by a cpuset (docker "
      "--cpuset-cpus) instead of a share";
  return check;
}

Check smt_check(const Processor& found) {
  Check check{.group = "processor", .name = "SMT", .found = "no two allowed CPUs share a core"};
  if (found.ours.cores == 0) check.found = "not known";
  if (found.ours.cores == 0 || found.ours.cores >= found.ours.cpus) return check;
  check.found = fmt::format("{} on {}", count(found.ours.cpus, "allowed CPU"), count(found.ours.cores, "core"));
  check.needed = "a thread a core";
  check.verdict = warning;
  check.advice = fmt::format(
      "two threads of one core share its arithmetic units and gain little; OMP_NUM_THREADS={} "
      "OMP_PLACES=cores gives each thread its own core",
      found.ours.cores);
  return check;
}

Check sets_check(const Processor& found) {
  const auto has = [&](const char* set) {
    return std::ranges::find(found.instruction_sets, set) != found.instruction_sets.end();
  };
  Check check{.group = "processor",
              .name = "instruction sets",
              .found = found.instruction_sets.empty() ? "none of those that are looked for"
                                                      : fmt::format("{}", fmt::join(found.instruction_sets, ", ")),
              .needed = "avx2; amx_bf16 for a gain by bf16"};
  if (has("amx_bf16")) return check;
  check.verdict = warning;
  check.advice = has("avx512f") ? "no AMX: bf16 will be slower than fp32 on this CPU"
                                : "no AMX and no AVX-512: bf16 is slower than fp32 on this CPU, or unsupported";
  return check;
}

/// What the processor has and oneDNN will not use.
Check isa_check(const Processor& found, const std::string& isa) {
  Check check{.group = "processor", .name = "used by oneDNN", .found = isa};
  for (const char* level : {"amx", "avx512", "avx2"}) {
    const bool there =
        std::ranges::any_of(found.instruction_sets, [&](const auto& set) { return set.starts_with(level); });
    if (!there || isa.find(level) != std::string::npos) continue;
    // A higher level holds the lower ones without naming them.
    if (std::string_view(level) == "avx2" && isa.starts_with("avx512")) continue;
    check.needed = level;
    check.verdict = warning;
    check.advice = fmt::format(
        "this CPU has {} and oneDNN will not use it: unset ONEDNN_MAX_CPU_ISA, else the system or this version of "
        "oneDNN withholds it",
        level);
    break;
  }
  return check;
}

/// How a variable narrows the CPU; empty when it does not.
std::string harm_of(const std::string& name, const std::string& value, int cpus) {
  if (name.ends_with("_MAX_CPU_ISA")) return "it caps the instructions that oneDNN uses";
  if (name == "OMP_NUM_THREADS" || name == "OMP_THREAD_LIMIT") {
    int threads = 0;
    (void)std::from_chars(value.data(), value.data() + value.size(), threads);
    if (threads > 0 && threads < cpus) return fmt::format("fewer threads than the {} CPUs", cpus);
    if (threads > cpus && name == "OMP_NUM_THREADS")
      return fmt::format("more threads than the {}: they will wait for each other", count(cpus, "CPU"));
  }
  if (name == "OMP_PROC_BIND" && (value == "false" || value == "FALSE")) return "threads wander between CPUs";
  if (name == "GOMP_CPU_AFFINITY" || name == "OMP_PLACES") return "it says where threads run, whatever is allowed";
  return {};
}

}  // namespace

Checks processor_checks(const Processor& processor, const std::string& isa) {
  Checks checks = {{.group = "processor", .name = "model", .found = processor.model},
                   {.group = "processor", .name = "machine", .found = spread_text(processor.machine)},
                   allowed_check(processor),
                   group_check(processor),
                   smt_check(processor),
                   sets_check(processor)};
  if (!isa.empty()) checks.push_back(isa_check(processor, isa));
  return checks;
}

Checks variable_checks(const std::map<std::string, std::string>& variables, int cpus) {
  Checks checks;
  for (const auto& [name, value] : variables) {
    if (!name.starts_with("OMP_") && !name.starts_with("GOMP_") && !name.starts_with("ONEDNN_") &&
        !name.starts_with("DNNL_"))
      continue;
    Check check{.group = "variables", .name = name, .found = value};
    if (const std::string harm = harm_of(name, value, cpus); !harm.empty()) {
      check.needed = "not set";
      check.verdict = CheckVerdict::warning;
      check.advice = fmt::format("{}: unset {} unless that is what shall be measured", harm, name);
    }
    checks.push_back(std::move(check));
  }
  if (checks.empty())
    checks.push_back({.group = "variables", .name = "all", .found = "none that changes how a CPU computes"});
  return checks;
}

}  // namespace gpubench
