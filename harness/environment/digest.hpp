#pragma once

#include <string>

#include "harness/run.hpp"

namespace gpubench {

/// What must be equal before the times of two runs may be judged against each other, a fact a line: the devices (model,
/// how many of it; of GPUs that the driver tells of: MIG, power limit, clocks that were asked for, ECC) and the
/// processor (model, usable processors, effective instruction set). Versions are conditions: they are stored, listed
/// when they differ, and not part of it.
std::string digest_text(const Context& context);

/// The GPU that a device is, or is a slice of; null for a CPU, and where the driver does not tell.
const Gpu* gpu_of(const Context& context, const DeviceInfo& device);

/// SHA-256 of digest_text, hexadecimal.
std::string digest(const Context& context);

}  // namespace gpubench
