#pragma once

#include <string>

#include "harness/gpu_node.hpp"

namespace gpubench::cuda {

/// How the way from the host to a device is trained while copies run over it: idle, a GPU lets it fall. Takes 32 MiB on
/// both sides and under half a second. @param pci of the same device, as NVML writes it. What NVML does not tell is 0.
/// @throws OutOfMemory, DeviceLost
GpuPcie pcie_under_load(int ordinal, const std::string& pci);

}  // namespace gpubench::cuda
