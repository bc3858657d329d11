#pragma once

#include <cstdint>

#include "harness/devices/cuda/stream.hpp"

namespace gpubench::cuda {

/// Enqueues one thread that adds 1 to a counter in the device's memory. Null: it does nothing.
void count(Stream stream, std::uint64_t* counter);

}  // namespace gpubench::cuda
