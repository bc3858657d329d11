#pragma once

#include <cstddef>
#include <string>

#include "harness/core/precision.hpp"
#include "harness/devices/cpu/instructions.hpp"

namespace gpubench::cpu {

/// What was reached at most, and by what.
struct Reached {
  double per_second = 0;
  std::string by{};
  Precision precision = Precision::fp32;  ///< that was multiplied in; of no meaning for memory
};

/// Multiply-adds of all threads at a time, in registers only: the best of many short repetitions of the fastest loop
/// for `precision`. Takes about 0.2 s.
Reached most_flops(Precision precision, const Instructions& allowed);

/// Bytes read and written a second by all threads: the best of reading, copying and triad over arrays of
/// `bytes` together. Takes about 0.3 s for 512 MB, and the memory as long. @throws OutOfMemory
Reached most_bytes(std::size_t bytes);

/// What a row of this precision or mode is multiplied in at best: bf16 for amp-bf16, fp32 where the processor has
/// nothing for it (tf32, fp16, fp8).
Precision ceiling_precision(const std::string& precision_or_mode);

}  // namespace gpubench::cpu
