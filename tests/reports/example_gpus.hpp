#pragma once

#include "harness/gpu_node.hpp"
#include "reports/gpu_checks.hpp"

namespace gpubench::example {

// Machines with GPUs as a driver would tell of them, made up.

GpuNode dgx_h100();             ///< eight, with eighteen links each, all well
GpuNode dgx_h100_in_trouble();  ///< something is wrong with most of them
GpuNode virtual_h200();         ///< a virtual machine that was given one
GpuNode no_driver();            ///< a plug-in, and nothing of NVIDIA's beside it

GpuSurroundings two_sockets();

/// Every field of it has a value of its own.
GpuNode every_field();

}  // namespace gpubench::example
