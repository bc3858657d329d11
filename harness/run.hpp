#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/device.hpp"
#include "harness/gpu_node.hpp"
#include "harness/result.hpp"

namespace gpubench {

/// The machine that the conductor runs on, as found; an empty text or 0 is a fact that could not be read.
struct Host {
  struct Cache {
    std::string type{};  ///< `Data`, `Instruction`, `Unified`
    int level = 0;
    std::int64_t bytes = 0;
    int sharing = 0;  ///< logical processors
  };
  std::string name{};
  std::string cpu_model{};
  int logical_cpus = 0;
  int usable_cpus = 0;  ///< affinity and cgroup quota considered
  double mhz = 0;
  bool frequency_scaling = false;
  std::string governor{};
  std::vector<Cache> caches{};
  std::vector<double> load_average{};
  int numa_nodes = 0;
  double memory_bytes = 0;
  std::string kernel{};
  std::string operating_system{};
  std::string container{};  ///< `docker`, `kubernetes`, `slurm`, ...
};

/// How this program was built.
struct Build {
  std::string version{};
  std::string commit{};  ///< with `-dirty` where the tree had changes; empty outside a checkout
  std::string compiler{};
  std::string type{};  ///< `Release`
  std::string flags{};
};

/// Under which circumstances a run was made.
struct Context {
  Build build{};
  std::vector<std::string> command_line{};
  std::uint64_t seed = 1;
  std::string start{}, end{};  ///< ISO 8601, UTC
  Host host{};
  std::vector<DeviceInfo> devices{};
  std::vector<std::string> absent{};  ///< why a back-end has no device, a sentence each
  std::optional<GpuNode> gpus{};      ///< all of this machine, used or not; none without a back-end for them
  std::map<std::string, std::string> environment{};  ///< allow-listed variables that were set
  std::string digest{};                              ///< SHA-256 of what must be equal for two nights to be compared
};

/// One run of the program: what a run file holds.
struct Run {
  Context context{};
  std::vector<CaseResult> results{};
  bool complete = true;  ///< false when read from a journal, or interrupted
};

}  // namespace gpubench
