#pragma once

#include <string>

#include "reports/check.hpp"
#include "reports/gpu_checks.hpp"

namespace gpubench {

// One GPU, one thing to look at: a check without its group. What is said must not name the GPU, so that GPUs that say
// the same are found. @param node for what is only seen among its peers

Check link_check(const Gpu& gpu, const GpuNode& node);
Check link_error_check(const Gpu& gpu);
Check fabric_check(const Gpu& gpu);
Check pcie_check(const Gpu& gpu);
Check numa_check(const Gpu& gpu, const GpuSurroundings& surroundings);

Check clock_check(const Gpu& gpu);
Check slowdown_check(const Gpu& gpu);
Check power_check(const Gpu& gpu);
Check temperature_check(const Gpu& gpu);
Check ecc_check(const Gpu& gpu);
Check row_check(const Gpu& gpu);

Check mig_check(const Gpu& gpu);
Check persistence_check(const Gpu& gpu);
Check process_check(const Gpu& gpu);

}  // namespace gpubench
