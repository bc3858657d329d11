#pragma once

#include <optional>
#include <string>

#include "harness/environment/shared_memory.hpp"
#include "harness/gpu_node.hpp"
#include "reports/check.hpp"

namespace gpubench {

// What the driver says of the GPUs, judged by what it does to a measurement on them. Facts that it does not tell are no
// fault.

/// What is to be known of the host and of the plug-in beside it.
struct GpuSurroundings {
  int numa_nodes = 1;
  std::string container{};  ///< `docker`; empty outside of one
  SharedMemory shared_memory{};
  std::optional<int> devices{};  ///< that the plug-in has
};

/// From the driver over the plug-in to the libraries that its cases use, in the group `gpu software`. Not a fault: a
/// machine without GPUs.
Checks gpu_software_checks(const GpuNode& node, const GpuSurroundings& surroundings);

/// The GPUs themselves. What they share is said once, in the group `gpus`; what one says alone or is wrong with some in
/// a group that names them: `gpu 3`, `gpus 4-7`. A machine with one GPU has the group `gpu 0` only.
Checks gpu_checks(const GpuNode& node, const GpuSurroundings& surroundings);

}  // namespace gpubench
