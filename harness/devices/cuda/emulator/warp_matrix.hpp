#pragma once

#include <cstdint>
#include <span>

#include "harness/core/where.hpp"
#include "harness/devices/cuda/emulator/formats.hpp"

namespace gpubench::emulator {

/// ldmatrix: reads as many 8x8 matrices of 16-bit elements as there are registers (1, 2 or 4). Lane 8 m + r gives the
/// address of row r of matrix m; lane l gets elements 2 (l % 4) and the next of row l / 4, or of that column.
void load_matrices(const Where& where, std::span<std::uint32_t> registers, std::uint32_t row, bool transposed);
/// stmatrix: the opposite.
void store_matrices(const Where& where, std::span<const std::uint32_t> registers, std::uint32_t row, bool transposed);

/// mma.sync.m16n8k(32 bytes): d += a b, with the fragments of the PTX ISA. Sums are rounded to FP32 once; a GPU's own
/// order of additions is not known, so its result may differ by what FP32 sums of this length may differ.
void multiply(const Where& where,
              Format format,
              std::span<float, 4> d,
              std::span<const std::uint32_t, 4> a,
              std::span<const std::uint32_t, 2> b);
/// The same in integers.
void multiply(const Where& where,
              Format format,
              std::span<std::int32_t, 4> d,
              std::span<const std::uint32_t, 4> a,
              std::span<const std::uint32_t, 2> b);

}  // namespace gpubench::emulator
