#pragma once

#include "harness/devices/cuda/ptx/barrier.cuh"
#include "harness/devices/cuda/ptx/mma.cuh"
#include "kernels/gemm/cuda/fragments.cuh"
#include "kernels/gemm/cuda/ring_shape.hpp"
#include "kernels/gemm/cuda/tile_order.cuh"
#include "kernels/gemm/cuda/tile_store.cuh"

namespace gpubench::cuda {

template <class In>
struct RingOperands {
  const In *a, *b;
  std::int64_t a_pitch, b_pitch;
  int m, n, k;
  int a_width, b_width;  ///< bytes of one copy, where Copies are `any`
};

template <class Shape>
struct RingShared {
  alignas(1024) unsigned char bytes[Shape::shared_bytes];
};

/// What a warp multiplies: fragments of one step of 32 bytes of k.
template <class In, class Shape>
struct RingFragments {
  std::uint32_t a[Shape::warp_m / 16][4], b[Shape::warp_n / 16][4];
};

/// The warp's sums, from registers to where they go. @param rows, columns of c that there are from (row, column) on
template <class Shape, class Out>
__device__ __forceinline__ void store_warp_tile(float (&sums)[Shape::warp_m / 16][Shape::warp_n / 8][4],
                                                float* slab,
                                                const TileEpilogue<Out>& epilogue,
                                                int row,
                                                int rows,
                                                int column,
                                                int columns,
                                                bool aligned) {
  constexpr int each = stored_at_once<Out>, vectors = Shape::warp_n / each, rows_at_once = 32 / vectors;
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const int from_row = lane / vectors, from_column = lane % vectors * each;
#pragma unroll 1  // the epilogue is long
  for (int turn = 0; turn < Shape::warp_m / 16; ++turn) {
    ptx::warp_sync();
#pragma unroll
    for (int i = 0; i < Shape::warp_m / 16; ++i) {
      if (i != turn) continue;  // registers have no index at run time
#pragma unroll
      for (int j = 0; j < Shape::warp_n / 8; ++j)
#pragma unroll
        for (int half = 0; half < 2; ++half) {
          float* const to = slab + (lane / 4 + half * 8) * Shape::slab_pitch + j * 8 + lane % 4 * 2;
          *reinterpret_cast<ptx::Vector<float, 8>*>(to) = {{sums[i][j][2 * half], sums[i][j][2 * half + 1]}};
        }
    }
    ptx::warp_sync();
#pragma unroll 1
    for (int first = from_row; first < Shape::slab; first += rows_at_once) {
      const int place = turn * Shape::slab + first;
      if (place >= rows || from_column >= columns) continue;
      float some[each];
#pragma unroll
      for (int i = 0; i < each; i += 4) {
        const float* const from = slab + first * Shape::slab_pitch + from_column + i;
        const auto four = *reinterpret_cast<const ptx::Vector<float>*>(from);
#pragma unroll
        for (int e = 0; e < 4; ++e) some[i + e] = four.at[e];
      }
      store_sums(epilogue, some, row + place, column + from_column, columns - from_column, aligned);
    }
  }
}

/// One tile of c, or a part of its sums. While a stage is multiplied, the ones behind it are on their way, and while
/// the fragments of a step are multiplied, those of the next one are read.
/// @param parts where the order has several: their sums, m x n FP32 numbers each
template <class In, class Out, class Shape, bool a_along_k, bool b_along_k, Copies copies>
__global__ __launch_bounds__(Shape::threads, Shape::blocks_per_multiprocessor) void ring_gemm_kernel(
    RingOperands<In> operands, TileOrder order, TileEpilogue<Out> epilogue, bool aligned, float* parts) {
  constexpr int deep = Shape::bytes_along_k / static_cast<int>(sizeof(In)), steps = Shape::steps;
  using A = OperandTile<In, a_along_k, Shape::m, deep>;
  using B = OperandTile<In, b_along_k, Shape::n, deep>;
  unsigned char* const shared = ptx::shared_memory<RingShared<Shape>>().bytes;
  const int warp = static_cast<int>(threadIdx.x) / 32;
  const int warp_row = warp / Shape::warps_across * Shape::warp_m;
  const int warp_column = warp % Shape::warps_across * Shape::warp_n;

  const TilePlace place = order.at(static_cast<int>(blockIdx.x));
  const int row = place.row * Shape::m, column = place.column * Shape::n;
  const int stages = operands.k / deep + (operands.k % deep != 0);
  const Stretch stretch = stretch_of(place.part, order.parts, stages);
  const int k_first = stretch.first * deep;
  // Up to the end of this part: what is behind it is copied by others, and would be copied here for nothing.
  const int along = stretch.end == stages ? operands.k - k_first : (stretch.end - stretch.first) * deep;
  OperandCopier<A, Shape::threads> copy_a(operands.a, operands.a_pitch, row, operands.m - row, k_first, along);
  OperandCopier<B, Shape::threads> copy_b(operands.b, operands.b_pitch, column, operands.n - column, k_first, along);
  const FragmentReader<A, Side::a> read_a(warp_row);
  const FragmentReader<B, Side::b> read_b(warp_column);

  // Behind the last stage there is nothing left and zeros are copied, so that turns are all alike.
  const auto fill = [&](int stage) {
    copy_a.template fill<copies>(shared + stage * Shape::stage_bytes, operands.a_width);
    copy_b.template fill<copies>(shared + stage * Shape::stage_bytes + A::bytes, operands.b_width);
    ptx::cp_async_commit();
  };
  const auto read = [&](RingFragments<In, Shape>& to, int stage, int step) {
    const unsigned char* const from = shared + stage * Shape::stage_bytes;
#pragma unroll
    for (int i = 0; i < Shape::warp_m / 16; ++i) read_a.read(to.a[i], from, i, step);
#pragma unroll
    for (int j = 0; j < Shape::warp_n / 16; ++j) read_b.read(to.b[j], from + A::bytes, j, step);
  };
  const auto after = [](int stage) { return stage + 1 == Shape::stages ? 0 : stage + 1; };
  const auto next_stage_is_there = [] {
    ptx::cp_async_wait<Shape::stages - 2>();
    ptx::bar_sync();
  };

  for (int stage = 0; stage < Shape::stages - 1; ++stage) fill(stage);
  next_stage_is_there();
  float sums[Shape::warp_m / 16][Shape::warp_n / 8][4] = {};
  RingFragments<In, Shape> fragments[2];
  int reading = 0, filling = Shape::stages - 1;
  read(fragments[0], reading, 0);
#pragma unroll 1
  for (int turn = stretch.first; turn < stretch.end; ++turn) {
#pragma unroll
    for (int step = 0; step < steps; ++step) {
      if (step == steps - 1) {
        next_stage_is_there();
        reading = after(reading);
      }
      read(fragments[(step + 1) % 2], reading, (step + 1) % steps);
      if (step == 0) {  // all have read the stage before this one: they have met since
        fill(filling);
        filling = after(filling);
      }
      const auto& [a, b] = fragments[step % 2];
#pragma unroll
      for (int i = 0; i < Shape::warp_m / 16; ++i)
#pragma unroll
        for (int j = 0; j < Shape::warp_n / 8; ++j)
          ptx::mma<In>(sums[i][j], a[i], {b[j / 2][j % 2 * 2], b[j / 2][j % 2 * 2 + 1]});
    }
  }

  // Zeros that are on their way must not land in the slabs. The emulator does not show it: there they never land.
  ptx::cp_async_wait<0>();
  ptx::bar_sync();
  float* const slab = reinterpret_cast<float*>(shared) + warp * Shape::slab * Shape::slab_pitch;
  const auto store = [&](const auto& finished, bool vectors) {
    store_warp_tile<Shape>(sums,
                           slab,
                           finished,
                           row + warp_row,
                           operands.m - row - warp_row,
                           column + warp_column,
                           operands.n - column - warp_column,
                           vectors);
  };
  if (order.parts > 1)
    store(part_of_sum(parts + std::int64_t{place.part} * operands.m * operands.n, operands.n),
          operands.n % stored_at_once<float> == 0 && reinterpret_cast<std::uintptr_t>(parts) % 16 == 0);
  else
    store(epilogue, aligned);
}

}  // namespace gpubench::cuda
