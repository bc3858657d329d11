#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/core/work.hpp"
#include "harness/result.hpp"

namespace gpubench {

/// STREAM's four passes over arrays (McCalpin 1995): to = x, to = 3 x, to = x + y, to = x + 3 y.
enum class MemoryLoop { copy, scale, add, triad };
inline constexpr MemoryLoop all_memory_loops[] = {
    MemoryLoop::copy, MemoryLoop::scale, MemoryLoop::add, MemoryLoop::triad};
constexpr std::string_view name(MemoryLoop loop) {
  using enum MemoryLoop;
  switch (loop) {
    case copy: return "copy";
    case scale: return "scale";
    case add: return "add";
    case triad: return "triad";
  }
  return "?";
}

/// Of the array that is written. `warm`: written before. `first_touch`: new to the process in every run, so that each
/// page has to be found and zeroed by the system first, and is given back at the end of the run; ordinary pages, or
/// large ones where the system has them.
enum class Touch { warm, first_touch, first_touch_large };
constexpr std::string_view name(Touch touch) {
  using enum Touch;
  switch (touch) {
    case warm: return "warm";
    case first_touch: return "first-touch";
    case first_touch_large: return "first-touch-large";
  }
  return "?";
}

/// One pass over arrays of FP32 in a device's memory.
struct MemoryPass {
  MemoryLoop loop = MemoryLoop::triad;
  std::int64_t array_bytes = std::int64_t{256} << 20;  ///< of each of the two or three arrays
  Touch touch = Touch::warm;
  std::uint64_t seed = 1;

  int arrays() const { return loop == MemoryLoop::copy || loop == MemoryLoop::scale ? 2 : 3; }
  /// `memory/fp32/triad/256mib/warm`
  std::string name() const;
  std::string precision() const { return "fp32"; }
  /// Bytes as STREAM counts them: each array read or written once, whatever the processor does beside.
  Work work() const;
  void describe(CaseResult& row) const;
};

}  // namespace gpubench
