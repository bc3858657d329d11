#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/core/precision.hpp"
#include "harness/devices/cpu/instructions.hpp"

namespace gpubench::cpu {

/// Multiply-adds in registers and nothing else: what one thread can reach at most. The instructions are written out, so
/// that it does not depend on the compiler or its options.
struct FlopLoop {
  std::string_view by;        ///< `AMX BF16 tiles`
  Precision precision;        ///< that it multiplies in
  double flops_per_turn = 0;  ///< operations for int8
  void (*run)(std::int64_t turns) = nullptr;
};

/// What a product in `precision` (fp32, bf16, int8) could be made of here, never empty: the units made for it where
/// `allowed` has them, and FP32 multiply-adds where those may be faster (BF16 dot products are on some processors) or
/// all there is.
std::vector<FlopLoop> flop_loops(Precision precision, const Instructions& allowed);

}  // namespace gpubench::cpu
