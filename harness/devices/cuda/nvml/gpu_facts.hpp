#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/devices/cuda/nvml/gpu_reader.hpp"
#include "harness/gpu_node.hpp"

namespace gpubench::nvml {

/// What NVML says of the GPUs of this machine, at a glance: fills driver, driver_cuda, nvml_missing, gpus, and NVML's
/// entry of libraries. Never throws for a driver or a GPU that is not there or does not answer: that is
/// `nvml_missing`, or `lost` of that GPU. @param root where /sys is looked for
GpuNode gpu_node(const std::filesystem::path& root = "/");

/// Reads again what an idle GPU does not show, while the caller keeps this one busy: PCIe, clocks, power, temperature
/// and the reasons for low clocks. Leaves all as it is where NVML or the GPU does not answer.
void read_under_load(Gpu& gpu);

/// Names of the reasons that hold clocks down, `software power cap`, …; a GPU that merely idles has none.
std::vector<std::string> slowdown_reasons(unsigned long long reasons);

/// Bits of `reason`; none where the driver does not tell.
std::optional<unsigned long long> reasons_now(GpuReader& gpu);

}  // namespace gpubench::nvml
