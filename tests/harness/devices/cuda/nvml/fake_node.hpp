#pragma once

#include <filesystem>
#include <string>

#include "harness/gpu_node.hpp"

namespace gpubench::nvml {

/// Makes the fake NVML play tests/data/nvml/`machine`.json with `faults` (fake_machine.hpp) from the next session on.
void play(const std::string& machine, const std::string& faults = "");
/// A /sys that has the NUMA nodes of that file's GPUs. @returns its root
std::filesystem::path sysfs_of(const std::string& machine);
/// What is collected of it: play(), then gpu_node().
GpuNode node_of(const std::string& machine, const std::string& faults = "");

}  // namespace gpubench::nvml
