#pragma once

#include "harness/devices/cuda/ptx/barrier.cuh"
#include "harness/devices/cuda/ptx/bulk_copy.cuh"
#include "harness/devices/cuda/ptx/matrix.cuh"
#include "kernels/gemm/cuda/epilogue.cuh"

namespace gpubench::cuda {

// From the accumulators of wgmma to c: 64 rows by a warpgroup. Its thread `member` has, of rows 16 w + g and 8 below
// (w: its warp, g: its lane / 4), two neighbours of every eight columns. What is done to them is done in place, one
// thing after the other: each is a loop over all of them, and the code of a kernel has it once.

/// Where a warpgroup's 64 rows lie, and where c ends.
struct Fragments {
  int row, column;    ///< of the first number of this thread
  int rows, columns;  ///< of c
};
__device__ __forceinline__ Fragments fragments(int member, int first_row, int first_column, int rows, int columns) {
  return {first_row + member / 32 * 16 + member % 32 / 4, first_column + member % 4 * 2, rows, columns};
}

/// alpha sum + beta c + bias; behind the end of c anything.
template <unsigned numbers, class Out>
__device__ __forceinline__ void prepare(float (&d)[numbers], const TileEpilogue<Out>& epilogue, const Fragments& at) {
  if (epilogue.alpha != 1)
#pragma unroll
    for (float& x : d) x *= epilogue.alpha;
  if (epilogue.beta != 0) {
#pragma unroll
    for (unsigned lower = 0; lower < 2; ++lower) {
      const int row = at.row + static_cast<int>(lower) * 8;
      if (row >= at.rows) continue;
      const Out* const c = epilogue.c + row * epilogue.pitch + at.column;
#pragma unroll
      for (unsigned i = 0; i < numbers / 2; ++i) {
        const int along = static_cast<int>(i / 2 * 8 + i % 2);
        if (at.column + along < at.columns) d[i / 2 * 4 + lower * 2 + i % 2] += epilogue.beta * to_float(c[along]);
      }
    }
  }
  if (epilogue.bias) {
#pragma unroll
    for (unsigned i = 0; i < numbers / 2; ++i) {
      const int column = at.column + static_cast<int>(i / 2 * 8 + i % 2);
      const float bias = column < at.columns ? to_float(epilogue.bias[column]) : 0.0F;
      d[i / 2 * 4 + i % 2] += bias;
      d[i / 2 * 4 + 2 + i % 2] += bias;
    }
  }
}

template <unsigned numbers>
__device__ __forceinline__ void activate(float (&d)[numbers], Activation activation) {
  if (activation == Activation::none) return;
  if (activation == Activation::relu) {
#pragma unroll
    for (float& x : d) x = activated(Activation::relu, x);
  } else {
#pragma unroll
    for (float& x : d) x = activated(Activation::gelu, x);
  }
}

template <class Out>
__device__ __forceinline__ std::uint32_t packed(float low, float high) {
  std::uint32_t bits;
  if constexpr (std::is_same_v<Out, __half>) {
    const __half2 pair = __floats2half2_rn(low, high);
    std::memcpy(&bits, &pair, sizeof bits);
  } else {
    const __nv_bfloat162 pair = __floats2bfloat162_rn(low, high);
    std::memcpy(&bits, &pair, sizeof bits);
  }
  return bits;
}

/// As they are, where the copies of TMA cannot be had. Of FP32 four lanes fill 32 bytes, a sector.
template <class Out, unsigned numbers>
__device__ __forceinline__ void store_fragments(const float (&d)[numbers],
                                                Out* to,
                                                std::int64_t pitch,
                                                const Fragments& at) {
#pragma unroll
  for (unsigned lower = 0; lower < 2; ++lower) {
    const int row = at.row + static_cast<int>(lower) * 8;
    if (row >= at.rows) continue;
    Out* const first = to + row * pitch + at.column;
    const bool pairs = reinterpret_cast<std::uintptr_t>(first) % (2 * sizeof(Out)) == 0;
#pragma unroll
    for (unsigned i = 0; i < numbers / 4; ++i) {
      const int along = static_cast<int>(i) * 8, left = at.columns - at.column - along;
      const float low = d[4 * i + lower * 2], high = d[4 * i + lower * 2 + 1];
      if (pairs && left >= 2) {
        if constexpr (sizeof(Out) == 4)
          ptx::st_vector(first + along, ptx::Vector<float, 8>{low, high});
        else
          *reinterpret_cast<std::uint32_t*>(first + along) = packed<Out>(low, high);
      } else {
        if (left >= 1) first[along] = from_float<Out>(low);
        if (left >= 2) first[along + 1] = from_float<Out>(high);
      }
    }
  }
}

/// What a warpgroup stores through: 64 rows of 128 bytes, twice, so that one is filled while the other is read.
struct WgmmaStaging {
  alignas(1024) unsigned char rows[2][64 * 128];
};

/// 16 bits: through shared memory, 64 columns at a time, whose 16-byte parts change places as the copy puts them back.
/// What lies behind the end of c is not written. @param stored such copies so far, by this warpgroup
template <class Out, unsigned numbers>
__device__ __forceinline__ void store_by_tma(const float (&d)[numbers],
                                             const CUtensorMap& to,
                                             WgmmaStaging& staging,
                                             int& stored,
                                             int member,
                                             int warpgroup,
                                             int first_row,
                                             int first_column) {
  const auto barrier = static_cast<unsigned>(warpgroup);  // 0 is that of the whole block
  // stmatrix: this lane's row is one of four 8x8 matrices: upper and lower rows of 8 columns, and of the next 8.
  const int row = member / 32 * 16 + member % 16, part = member % 32 / 16;
#pragma unroll
  for (unsigned piece = 0; piece < numbers / 32; ++piece) {
    unsigned char* const rows = staging.rows[stored++ % 2];
    // The copy before the last one, which was from here, has read it.
    if (member == 0) ptx::bulk_wait_read<1>();
    ptx::bar_sync(barrier, 128);
    const std::uint32_t address = ptx::shared_address(rows) + static_cast<unsigned>(row * 128);
#pragma unroll
    for (unsigned i = 0; i < 4; ++i) {
      const float* const x = d + piece * 32 + i * 8;
      ptx::stmatrix(
          {packed<Out>(x[0], x[1]), packed<Out>(x[2], x[3]), packed<Out>(x[4], x[5]), packed<Out>(x[6], x[7])},
          address + static_cast<unsigned>(((static_cast<int>(i) * 2 + part) ^ (row % 8)) * 16));
    }
    ptx::fence_proxy_async();
    ptx::bar_sync(barrier, 128);
    if (member == 0) {
      ptx::tensor_store(to, first_column + static_cast<int>(piece) * 64, first_row, rows);
      ptx::bulk_commit();
    }
  }
}

}  // namespace gpubench::cuda
