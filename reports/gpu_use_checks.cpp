#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/core/format.hpp"
#include "reports/gpu_subjects.hpp"

// How the GPU is shared and who uses it.

namespace gpubench {
namespace {

using enum CheckVerdict;

/// More than the driver and a context or two keep for themselves.
constexpr double noticeable_share = 0.05;

std::string processes_text(const std::vector<GpuProcess>& processes) {
  constexpr std::size_t shown = 8;
  std::vector<std::string> texts;
  for (const GpuProcess& one : processes) {
    if (texts.size() == shown) break;
    texts.push_back(one.memory_bytes > 0 ? fmt::format("pid {} ({})", one.pid, text_of_bytes(one.memory_bytes))
                                         : fmt::format("pid {}", one.pid));
  }
  if (processes.size() > shown) texts.push_back(fmt::format("and {} more", processes.size() - shown));
  return fmt::format("{}", fmt::join(texts, ", "));
}

}  // namespace

Check mig_check(const Gpu& gpu) {
  Check check{.name = "MIG", .found = !gpu.mig ? "not told" : *gpu.mig ? "on" : "off"};
  if (gpu.mig && gpu.mig_pending && *gpu.mig != *gpu.mig_pending) {
    check.found += fmt::format(", {} after the next reset", *gpu.mig_pending ? "on" : "off");
    check.needed = "the same before and after a reset";
    check.verdict = warning;
    check.advice =
        "reset the GPU now (nvidia-smi --gpu-reset, as root): what is measured before it is of the other kind";
  } else if (gpu.mig.value_or(false) && gpu.mig_devices.empty()) {
    check.found = "on, without an instance";
    check.needed = "an instance, or off";
    check.verdict = error;
    check.advice =
        "nothing can run on it: create instances (nvidia-smi mig -cgi ... -C), or nvidia-smi -mig 0, as root";
  } else if (gpu.mig.value_or(false)) {
    check.found = fmt::format("on, {} instance{}", gpu.mig_devices.size(), gpu.mig_devices.size() == 1 ? "" : "s");
    check.needed = "off for the numbers of a whole GPU";
    check.verdict = warning;
    check.advice =
        "a case runs on one instance and its numbers are those of a slice: --device MIG-... chooses one, nvidia-smi -L "
        "lists them";
  }
  return check;
}

Check persistence_check(const Gpu& gpu) {
  Check check{.name = "persistence", .found = !gpu.persistence ? "not told" : *gpu.persistence ? "on" : "off"};
  if (gpu.persistence.value_or(true)) return check;
  check.needed = "on";
  check.verdict = warning;
  check.advice =
      "the driver lets go of an idle GPU: each first use takes seconds, and clocks that were set are forgotten; start "
      "nvidia-persistenced, or nvidia-smi -pm 1, as root";
  return check;
}

Check process_check(const Gpu& gpu) {
  Check check{.name = "other processes", .found = gpu.processes ? "none" : "not told"};
  const bool some = gpu.processes && !gpu.processes->empty();
  // In a container the driver may not show those outside of it; their memory is seen all the same. Instances share it.
  const bool hidden = !some && gpu.memory_bytes > 0 && gpu.memory_used_bytes > noticeable_share * gpu.memory_bytes &&
                      !gpu.mig.value_or(false);
  if (!some && !hidden) return check;
  check.found =
      some ? processes_text(*gpu.processes)
           : fmt::format("none that can be seen, and {} of memory in use", text_of_bytes(gpu.memory_used_bytes));
  check.needed = "none";
  check.verdict = warning;
  check.advice = some ? "what they compute takes time and memory from every case: wait for them, or end them"
                      : "somebody outside this container computes on it: ask who, or wait";
  return check;
}

}  // namespace gpubench
