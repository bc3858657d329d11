#pragma once

#include <algorithm>

#include "harness/devices/cuda/ptx/barrier.cuh"
#include "harness/devices/cuda/ptx/cp_async.cuh"
#include "kernels/gemm/cuda/tile_order.cuh"
#include "kernels/gemm/cuda/tile_store.cuh"

namespace gpubench::cuda {

/// A tile of m x n, of which each thread has thread_m x thread_n: groups of 4 x 4, that of a warp beside each other.
template <int tile_m, int tile_n, int thread_tile_m, int thread_tile_n, int blocks>
struct FmaShape {
  static constexpr int m = tile_m, n = tile_n, thread_m = thread_tile_m, thread_n = thread_tile_n;
  static constexpr int k = 16, stages = 3, blocks_per_multiprocessor = blocks;
  static constexpr int threads = m / thread_m * (n / thread_n);
  static constexpr int warp_m = 4 * thread_m, warp_n = 8 * thread_n, warps_across = n / warp_n;
  static_assert(m % warp_m == 0 && n % warp_n == 0);
  static constexpr Tile tile() { return {m, n, k, stages, 1}; }
};

/// One operand's part of a stage, whichever way the matrix has it: a row for each of k. Four more a row, so that eight
/// of k of one row of the matrix, and four rows of it, are in different banks.
template <int wide>
inline constexpr int fma_pitch = wide + 4;

template <class Shape>
struct FmaShared {
  alignas(128) float a[Shape::stages][Shape::k * fma_pitch<Shape::m>];
  alignas(128) float b[Shape::stages][Shape::k * fma_pitch<Shape::n>];
  ptx::Vector<float> sums[Shape::thread_n / 4][Shape::threads];  // on their way out
};

/// Fills one operand's part of the stages, one after the other. What lies behind the block's stretch of k becomes 0;
/// rows and columns outside of the matrix need not, because nobody stores their sums.
/// @tparam vectors of 16 bytes, where rows do not go along k; else numbers one by one
template <bool along_k, bool vectors, int wide, int deep, int threads>
class FmaCopier {
  // Of rows along k a thread has one number of each eight of several rows, of others four numbers of one or more.
  static constexpr int beside = along_k ? 8 : wide / 4, rows_apart = threads / beside;
  static constexpr int rows = (along_k ? wide : deep) / rows_apart;
  static_assert((along_k ? wide : deep) % rows_apart == 0 && deep % 8 == 0);

 public:
  /// @param across how many of m or n there are from `first` on; @param along how many of k from `k_first` on
  __device__ FmaCopier(const float* matrix, std::int64_t pitch, int first, int across, int k_first, int along) {
    const int row = static_cast<int>(threadIdx.x) / beside, column = static_cast<int>(threadIdx.x) % beside;
    apart_ = rows_apart * pitch;
    if constexpr (along_k) {
      from_ = matrix + (std::int64_t{first} + row) * pitch + k_first + column;
      to_ = column * fma_pitch<wide> + row;
      across_ = across - row;
      along_ = along - column;
      next_stage_ = deep;
    } else {
      from_ = matrix + (std::int64_t{k_first} + row) * pitch + first + column * 4;
      to_ = row * fma_pitch<wide> + column * 4;
      across_ = std::clamp(across - column * 4, 0, 4);
      along_ = along - row;
      next_stage_ = deep * pitch;
    }
  }

  /// Begins the copies of the next stage.
  __device__ __forceinline__ void fill(float* stage) {
    const unsigned to = ptx::shared_address(stage + to_);
    const float* from = from_;
#pragma unroll
    for (int row = 0; row < rows * rows_apart; row += rows_apart, from += apart_) {
      if constexpr (along_k) {
        if (row < across_)
#pragma unroll
          for (int k = 0; k < deep; k += beside)
            ptx::cp_async<4>(to + words(row + k * fma_pitch<wide>), from + k, k < along_ ? 4 : 0);
      } else if constexpr (vectors) {
        ptx::cp_async_16(to + words(row * fma_pitch<wide>), from, row < along_ ? words(across_) : 0);
      } else {
#pragma unroll
        for (int i = 0; i < 4; ++i)
          if (i < across_) ptx::cp_async<4>(to + words(row * fma_pitch<wide> + i), from + i, row < along_ ? 4 : 0);
      }
    }
    from_ += next_stage_;
    along_ -= deep;
  }

 private:
  __device__ static unsigned words(int numbers) { return static_cast<unsigned>(numbers) * 4; }

  const float* from_;
  std::int64_t apart_, next_stage_;
  int to_, across_, along_;
};

struct FmaOperands {
  const float *a, *b;
  std::int64_t a_pitch, b_pitch;
  int m, n, k;
};

/// One tile of c, or a part of its sums: as ring_gemm_kernel, on the CUDA cores. Of each k a thread reads thread_m +
/// thread_n numbers for thread_m x thread_n multiplications: that and little else stands between them.
template <class Shape, bool a_along_k, bool b_along_k, bool vectors>
__global__ __launch_bounds__(Shape::threads, Shape::blocks_per_multiprocessor) void fma_gemm_kernel(
    FmaOperands operands, TileOrder order, TileEpilogue<float> epilogue, bool aligned, float* parts) {
  constexpr int a_pitch = fma_pitch<Shape::m>, b_pitch = fma_pitch<Shape::n>;
  auto& shared = ptx::shared_memory<FmaShared<Shape>>();
  const int thread = static_cast<int>(threadIdx.x), warp = thread / 32, lane = thread % 32;
  // Eight lanes that read together have two places of a and four of b.
  const int thread_row = warp / Shape::warps_across * Shape::warp_m + (lane / 16 * 2 + lane % 2) * 4;
  const int thread_column = warp % Shape::warps_across * Shape::warp_n + lane / 2 % 8 * 4;
  constexpr int rows_apart = 16, columns_apart = 32;  // from one group of four of a thread to its next

  const TilePlace place = order.at(static_cast<int>(blockIdx.x));
  const int row = place.row * Shape::m, column = place.column * Shape::n;
  const int stages = operands.k / Shape::k + (operands.k % Shape::k != 0);
  const Stretch stretch = stretch_of(place.part, order.parts, stages);
  const int k_first = stretch.first * Shape::k;
  const int along = stretch.end == stages ? operands.k - k_first : (stretch.end - stretch.first) * Shape::k;
  FmaCopier<a_along_k, vectors, Shape::m, Shape::k, Shape::threads> copy_a(
      operands.a, operands.a_pitch, row, operands.m - row, k_first, along);
  FmaCopier<b_along_k, vectors, Shape::n, Shape::k, Shape::threads> copy_b(
      operands.b, operands.b_pitch, column, operands.n - column, k_first, along);

  const auto fill = [&](int stage) {
    copy_a.fill(shared.a[stage]);
    copy_b.fill(shared.b[stage]);
    ptx::cp_async_commit();
  };
  const auto read =
      [&](ptx::Vector<float>(&a)[Shape::thread_m / 4], ptx::Vector<float>(&b)[Shape::thread_n / 4], int stage, int k) {
        const float* const from_a = shared.a[stage] + k * a_pitch + thread_row;
        const float* const from_b = shared.b[stage] + k * b_pitch + thread_column;
#pragma unroll
        for (int i = 0; i < Shape::thread_m / 4; ++i)
          a[i] = *reinterpret_cast<const ptx::Vector<float>*>(from_a + i * rows_apart);
#pragma unroll
        for (int j = 0; j < Shape::thread_n / 4; ++j)
          b[j] = *reinterpret_cast<const ptx::Vector<float>*>(from_b + j * columns_apart);
      };
  const auto after = [](int stage) { return stage + 1 == Shape::stages ? 0 : stage + 1; };
  const auto next_stage_is_there = [] {
    ptx::cp_async_wait<Shape::stages - 2>();
    ptx::bar_sync();
  };

#pragma unroll
  for (int stage = 0; stage < Shape::stages - 1; ++stage) fill(stage);
  next_stage_is_there();
  float sums[Shape::thread_m][Shape::thread_n] = {};
  ptx::Vector<float> a[2][Shape::thread_m / 4], b[2][Shape::thread_n / 4];
  int reading = 0, filling = Shape::stages - 1;
  read(a[0], b[0], reading, 0);
#pragma unroll 1
  for (int turn = stretch.first; turn < stretch.end; ++turn) {
#pragma unroll
    for (int k = 0; k < Shape::k; ++k) {
      if (k == Shape::k - 1) {
        next_stage_is_there();
        reading = after(reading);
      }
      read(a[(k + 1) % 2], b[(k + 1) % 2], reading, (k + 1) % Shape::k);
      if (k == 0) {  // all have read the stage before this one: they have met since
        fill(filling);
        filling = after(filling);
      }
#pragma unroll
      for (int i = 0; i < Shape::thread_m; ++i)
#pragma unroll
        for (int j = 0; j < Shape::thread_n; ++j) sums[i][j] += a[k % 2][i / 4].at[i % 4] * b[k % 2][j / 4].at[j % 4];
    }
  }
  ptx::cp_async_wait<0>();

  // Through shared memory, each thread by itself: registers have no index at run time, and the epilogue is long.
  const auto store = [&](const TileEpilogue<float>& finished, bool whole) {
#pragma unroll 1
    for (int turn = 0; turn < Shape::thread_m; ++turn) {
#pragma unroll
      for (int i = 0; i < Shape::thread_m; ++i) {
        if (i != turn) continue;
#pragma unroll
        for (int j = 0; j < Shape::thread_n; j += 4)
          shared.sums[j / 4][thread] = {{sums[i][j], sums[i][j + 1], sums[i][j + 2], sums[i][j + 3]}};
      }
      const int in_tile = thread_row + turn / 4 * rows_apart + turn % 4;
      if (in_tile >= operands.m - row) continue;
#pragma unroll 1
      for (int j = 0; j < Shape::thread_n / 4; ++j) {
        const int across = thread_column + j * columns_apart, there = operands.n - column - across;
        if (there <= 0) break;
        store_sums<float>(finished, shared.sums[j][thread].at, row + in_tile, column + across, there, whole);
      }
    }
  };
  if (order.parts > 1)
    store(part_of_sum(parts + std::int64_t{place.part} * operands.m * operands.n, operands.n),
          operands.n % stored_at_once<float> == 0 && reinterpret_cast<std::uintptr_t>(parts) % 16 == 0);
  else
    store(epilogue, aligned);
}

}  // namespace gpubench::cuda
