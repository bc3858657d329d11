#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/devices/cuda/nvml/gpu_reader.hpp"
#include "harness/gpu_node.hpp"

namespace gpubench::nvml {

/// The NVLinks that the GPU has, up or down; empty where it has none, or where a virtual machine does not show them.
std::vector<GpuLink> links_of(GpuReader& gpu);
/// Error counters of one link by name: `replay`, `recovery`, `crc_flit`, `crc_data`, `ecc_data`.
std::map<std::string, std::int64_t> link_errors_of(GpuReader& gpu, unsigned link);
/// `completed`, `completed, bandwidth degraded`, `in progress`, `not started`, `failed: …`; empty where there is no
/// NVSwitch fabric, or where the driver (before R535) does not tell.
std::string fabric_of(GpuReader& gpu);
GpuPcie pcie_of(GpuReader& gpu);
/// The host's NUMA node of the GPU at `00000000:1B:00.0`, from /sys under `root`.
std::optional<int> numa_node(const std::filesystem::path& root, const std::string& pci);

}  // namespace gpubench::nvml
