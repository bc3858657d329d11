#pragma once

#include <cstdint>

#include "harness/devices/cuda/stream.hpp"
#include "kernels/memory/memory_pass.hpp"

namespace gpubench::cuda {

/// One pass over `count` elements: to = x, to = 3 x, to = x + y or to = x + 3 y. Of two arrays `y` is null. All begin
/// at a multiple of 16 bytes and do not overlap. @throws Error where they do not
void memory_pass(Stream stream, MemoryLoop loop, const float* x, const float* y, float* to, std::int64_t count);

}  // namespace gpubench::cuda
