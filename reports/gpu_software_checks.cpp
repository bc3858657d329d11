#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "harness/core/format.hpp"
#include "reports/gpu_checks.hpp"

namespace gpubench {
namespace {

using enum CheckVerdict;

Check software_check(std::string name, std::string found) {
  return {.group = "gpu software", .name = std::move(name), .found = std::move(found)};
}

int leading_number(std::string_view text) {
  int number = 0;
  (void)std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// The first driver branch and CUDA for GPUs of a compute capability. 8.0: A100, 450.80.02 and CUDA 11.0; 9.0: H100 and
/// H200, 525.85.12 and CUDA 11.8 (NVIDIA, MIG User Guide, deployment considerations; CUDA Toolkit, Driver, and
/// Architecture Matrix).
struct Floor {
  std::string_view capability;
  int branch = 0;
  int cuda = 0;
};
constexpr std::array<Floor, 2> floors_of_gpus{{{"8.0", 450, 11000}, {"9.0", 525, 11080}}};

/// The first branch that carries a CUDA of this major version (CUDA Toolkit release notes, table of driver versions); 0
/// where it is not known.
int branch_for(int cuda) {
  switch (cuda / 1000) {
    case 11: return 450;
    case 12: return 525;
    case 13: return 580;
    default: return 0;
  }
}

/// Whether there is anything of NVIDIA's on this machine.
bool has_driver(const GpuNode& node) { return !node.driver.empty() || node.driver_cuda > 0 || !node.gpus.empty(); }

Check driver_check(const GpuNode& node) {
  Check check = software_check("driver", node.driver.empty() ? "version not told" : node.driver);
  if (node.driver_cuda > 0) check.found += fmt::format(", carries CUDA {}", text_of_cuda(node.driver_cuda));
  const int branch = leading_number(node.driver);
  for (const Gpu& gpu : node.gpus)
    for (const Floor& floor : floors_of_gpus) {
      if (gpu.compute_capability != floor.capability) continue;
      const bool old = (branch > 0 && branch < floor.branch) || (node.driver_cuda > 0 && node.driver_cuda < floor.cuda);
      if (!old) continue;
      check.needed =
          fmt::format("R{} or later, with CUDA {}, for {}", floor.branch, text_of_cuda(floor.cuda), gpu.name);
      check.verdict = error;
      check.advice = fmt::format("this driver is older than the GPU: update it, to R{} or later for this plug-in",
                                 std::max(floor.branch, branch_for(node.plugin_cuda)));
      return check;
    }
  return check;
}

/// What CUDA the plug-in was built with and whether the driver carries it; within a major version each driver runs what
/// any minor one has built (CUDA Compatibility, minor version compatibility).
Check plugin_check(const GpuNode& node) {
  Check check = software_check("plug-in", node.plugin.empty() ? "without a name" : node.plugin);
  if (node.plugin_cuda > 0) check.found += fmt::format(", built with CUDA {}", text_of_cuda(node.plugin_cuda));
  const bool old = node.driver_cuda > 0 && node.driver_cuda / 1000 < node.plugin_cuda / 1000;
  if (node.why_not.empty() && !old) return check;
  check.verdict = error;
  check.needed = "a device for each GPU";
  check.advice = node.why_not;
  if (!node.why_not.empty()) check.found += ", has no device";
  if (old) {
    check.needed = fmt::format("a driver with CUDA {}", node.plugin_cuda / 1000);
    if (const int branch = branch_for(node.plugin_cuda)) check.needed += fmt::format(", R{} or later", branch);
    if (check.advice.empty()) check.advice = "update the driver";
    if (node.driver_cuda >= 12000)
      check.advice += fmt::format("; the plug-in cuda{} would run with this one", node.driver_cuda / 1000);
  }
  return check;
}

/// A variable or the container may hide some. Instances of a GPU are devices of their own and cannot be counted so.
Check visible_check(const GpuNode& node, int devices) {
  const auto gpus = std::ranges::count_if(node.gpus, [](const Gpu& gpu) { return gpu.lost.empty(); });
  const bool sliced = std::ranges::any_of(node.gpus, [](const Gpu& gpu) { return gpu.mig.value_or(false); });
  Check check = software_check("visible GPUs", fmt::format("{} of {}", devices, gpus));
  if (sliced) check.found = fmt::format("{} devices, instances counted", devices);
  if (sliced || devices >= gpus) return check;
  check.needed = "all that answer";
  check.verdict = warning;
  check.advice = "nothing runs on the others: look at CUDA_VISIBLE_DEVICES, and at the GPUs that the job was given";
  return check;
}

/// 13 of `/usr/lib/libcublasLt.so.13`
int soname_of(std::string_view path) {
  const auto at = path.rfind(".so.");
  return at == std::string_view::npos ? 0 : leading_number(path.substr(at + 4));
}

/// The major version of CUDA that a library was made for, where it tells: `9.19.0, CUDA 13.0`, `2.28.9+cuda13.0`; those
/// that are part of CUDA have it in their file's name. 0: it does not.
int cuda_of(const Library& library) {
  std::string version = library.version;
  std::ranges::transform(version, version.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (const auto at = version.find("cuda"); at != std::string::npos)
    return leading_number(
        std::string_view(version).substr(std::min(version.find_first_of("0123456789", at), version.size())));
  const bool part_of_cuda = library.name == "cuBLASLt" || library.name == "cuBLAS" || library.name == "CUPTI";
  return part_of_cuda ? soname_of(library.path) : 0;
}

Check missing_library(const GpuNode& node, const Library& library) {
  Check check = software_check(library.name, "missing");
  const bool for_several = library.name == "NCCL";
  if ((for_several && node.gpus.size() < 2) || library.name == "CUPTI") {
    check.found += for_several ? ", needed with several GPUs only" : ", needed for profiles only";
    return check;
  }
  check.needed = "a file that loads";
  check.verdict = warning;
  check.advice = fmt::format("{}; cases that use it are unsupported", library.missing);
  return check;
}

Check library_check(const GpuNode& node, const Library& library) {
  if (!library.missing.empty()) return missing_library(node, library);
  Check check = software_check(library.name, fmt::format("{} ({})", library.version, library.path));
  const int theirs = cuda_of(library), ours = node.plugin_cuda / 1000;
  if (theirs == 0 || ours == 0 || theirs == ours) return check;
  check.needed = fmt::format("the one for CUDA {}, as the plug-in", ours);
  check.verdict = error;
  check.advice = fmt::format(
      "it is made for CUDA {}, and the two do not work together: install the one for CUDA {}, or take it first in "
      "LD_LIBRARY_PATH",
      theirs,
      ours);
  return check;
}

Check nvml_check(const GpuNode& node) {
  Check check = software_check("NVML", "answers");
  const auto known = std::ranges::find(node.libraries, "NVML", &Library::name);
  if (known != node.libraries.end() && known->missing.empty())
    check.found = fmt::format("{} ({})", known->version, known->path);
  if (node.nvml_missing.empty()) return check;
  check.found = "cannot be asked";
  check.needed = "NVML of the driver";
  check.verdict = warning;
  check.advice = node.nvml_missing +
                 "; without it rows have no clock, power, temperature and throttling, and GPUs are not looked at";
  return check;
}

/// NCCL User Guide, Troubleshooting, Memory issues: Docker gives 64 MB of shared memory, too little for NCCL to start;
/// --shm-size=1g --ulimit memlock=-1 is what NVIDIA asks for.
constexpr double enough_shared_memory = 1024.0 * 1024 * 1024;

/// In the units that docker, mount and ulimit take.
std::string text_of_limit(double bytes) {
  constexpr double mebibyte = 1024 * 1024, gibibyte = 1024 * mebibyte;
  return bytes < gibibyte ? fmt::format("{:.0f} MiB", bytes / mebibyte) : fmt::format("{:.0f} GiB", bytes / gibibyte);
}

Check shared_memory_check(const GpuSurroundings& surroundings, bool several) {
  const auto& bytes = surroundings.shared_memory.bytes;
  Check check =
      software_check("shared memory", bytes ? text_of_limit(*bytes) : "/dev/shm is no file system of its own");
  if (!several || (bytes && *bytes >= enough_shared_memory)) return check;
  check.needed = text_of_limit(enough_shared_memory) + " for collectives over several GPUs";
  check.verdict = warning;
  check.advice = surroundings.container.empty()
                     ? "NCCL will not start: mount -o remount,size=1g /dev/shm, as root"
                     : "NCCL will not start: give the container more, docker run --shm-size=1g or --ipc=host";
  return check;
}

/// What is pinned for a network card counts against the limit, what CUDA pins does not.
Check locked_memory_check(const GpuSurroundings& surroundings, bool several) {
  const auto& locked = surroundings.shared_memory.locked;
  Check check = software_check("locked memory", locked ? "limit " + text_of_limit(*locked) : "no limit");
  if (!locked || !several || surroundings.container.empty()) return check;
  check.needed = "no limit in a container";
  check.verdict = warning;
  check.advice = "collectives over the network cannot register their buffers: docker run --ulimit memlock=-1";
  return check;
}

}  // namespace

Checks gpu_software_checks(const GpuNode& node, const GpuSurroundings& surroundings) {
  if (!has_driver(node)) return {software_check("driver", node.why_not)};
  if (node.gpus.empty() && !node.why_not.empty() && node.nvml_missing.empty())  // a driver, and no GPU that it drives
    return {driver_check(node), software_check("plug-in", "no device: " + node.why_not)};
  const bool several = node.gpus.size() > 1;
  Checks checks = {driver_check(node), plugin_check(node)};
  if (surroundings.devices && node.why_not.empty() && !node.gpus.empty())
    checks.push_back(visible_check(node, *surroundings.devices));
  checks.push_back(nvml_check(node));
  for (const Library& library : node.libraries)
    if (library.name != "NVML") checks.push_back(library_check(node, library));
  checks.push_back(shared_memory_check(surroundings, several));
  checks.push_back(locked_memory_check(surroundings, several));
  return checks;
}

}  // namespace gpubench
