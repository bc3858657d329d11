#pragma once

#include "harness/gpu_node.hpp"

namespace gpubench::cuda {

/// Reads a GPU again while copies from the host run: idle, it lets its PCIe link and clocks fall. Takes 32 MiB on both
/// sides and under half a second. @param ordinal of the same device. @throws OutOfMemory, DeviceLost
void read_under_load(int ordinal, Gpu& gpu);

}  // namespace gpubench::cuda
