#pragma once

#include <cstdint>
#include <span>

#include "harness/core/where.hpp"
#include "harness/devices/cuda/emulator/formats.hpp"

namespace gpubench::emulator {

// wgmma: products of 64 rows by up to 256 columns of matrices in shared memory, by the 128 threads of a warpgroup. They
// are executed when their group is waited for and nobody else can go on, or by chance before; until then the
// accumulators hold NaN.

/// One operand as the instruction gets it.
struct MatrixOperand {
  std::uint64_t descriptor = 0;
  bool transposed = false;  ///< the other dimension than K is the contiguous one
};

/// d (+)= a b, N / 2 accumulators in each thread. @param accumulate false: d = a b
void issue_product(const Where& where,
                   Format format,
                   std::span<float> d,
                   const MatrixOperand& a,
                   const MatrixOperand& b,
                   bool accumulate);
void fence_products(const Where& where);
void commit_products(const Where& where);
void wait_for_products(const Where& where, unsigned groups);

}  // namespace gpubench::emulator
