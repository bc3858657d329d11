#pragma once

#include <cstdint>

#include "harness/core/random.hpp"
#include "kernels/memory/memory_pass.hpp"

namespace gpubench {

// What a pass computes, of what: for filling arrays and for checking every element of a result.

/// Element i of an input: a whole number, small enough for every result to be exact.
inline float memory_value(const Random& random, std::int64_t i) {
  return static_cast<float>(static_cast<int>(random.bits(static_cast<std::uint64_t>(i)) & 0xffff) - 32768);
}

inline float memory_result(MemoryLoop loop, float x, float y) {
  switch (loop) {
    case MemoryLoop::copy: return x;
    case MemoryLoop::scale: return 3 * x;
    case MemoryLoop::add: return x + y;
    case MemoryLoop::triad: return x + 3 * y;
  }
  return 0;
}

}  // namespace gpubench
