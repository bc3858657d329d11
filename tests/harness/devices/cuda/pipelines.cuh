#pragma once

#include "harness/devices/cuda/launch.cuh"
#include "harness/devices/cuda/ptx/barrier.cuh"
#include "harness/devices/cuda/ptx/bulk_copy.cuh"
#include "harness/devices/cuda/ptx/cluster.cuh"
#include "harness/devices/cuda/ptx/cp_async.cuh"
#include "harness/devices/cuda/ptx/matrix.cuh"
#include "harness/devices/cuda/ptx/mma.cuh"
#include "harness/devices/cuda/ptx/wgmma.cuh"

// Two matrix products, small and complete, as kernels for Tensor Cores are made: c = a b with a row-major (m x k), b
// column-major (n x k) in BF16, c row-major in FP32. They show that the wrappers work together, and each can be given
// one of the mistakes that such kernels have.

namespace gpubench::device_tests {

enum class Bug {
  none,
  // of the ring of cp.async
  missing_barrier,   // threads read what others have not yet copied
  refilled_early,    // a stage is filled again before all have read it
  wrong_wait_count,  // one group too few is waited for
  wrong_swizzle,     // what is written one way is read another way
  wrong_address,     // one row beyond the tile
  wrong_fragment,    // the halves of K change places
  // of the warp-specialised one
  too_few_bytes,      // the barrier does not wait for the second operand
  too_many_bytes,     // the barrier waits for what nobody brings
  phase_not_flipped,  // the second round waits for the first one's phase
  wrong_count,        // the stage is free when half of the consumers say so
  released_early,     // a stage is given back while the products still read it
  wrong_descriptor,   // steps along K in bytes where they are counted in 16
  wrong_mode,         // the descriptor names another swizzle than the copy
  missing_wgmma_fence,
  missing_wgmma_wait,  // the accumulators are read too soon
  missing_proxy_fence,
  missing_store_wait,
  overlapping_barrier  // a tile covers the mbarriers
};

// ---- mma.sync with a ring of stages filled by cp.async

struct RingGemm {
  static constexpr int m = 64, n = 64, k = 32, stages = 3, threads = 128;
  alignas(128) __nv_bfloat16 a[stages][m * k];
  __nv_bfloat16 b[stages][n * k];
};

template <Bug bug>
__global__ __launch_bounds__(RingGemm::threads) void ring_gemm_kernel(
    const __nv_bfloat16* a, const __nv_bfloat16* b, float* c, int n, int depth) {
  using S = RingGemm;
  auto& shared = ptx::shared_memory<S>();
  const int thread = static_cast<int>(threadIdx.x), lane = thread % 32, warp = thread / 32;
  const int first_row = static_cast<int>(blockIdx.y) * S::m, first_column = static_cast<int>(blockIdx.x) * S::n;

  // A row is four parts of 16 bytes; where they lie changes every other row, so that eight rows meet in no bank.
  const auto place = [](int row, int part) { return row * S::k + (part ^ (row / 2 % 4)) * 8; };
  const auto read_place = [&](int row, int part) {
    return bug == Bug::wrong_swizzle ? row * S::k + (part ^ (row % 4)) * 8 : place(row, part);
  };
  const auto fill = [&](int turn) {
    if (turn * S::k < depth)
      for (int i = thread; i < S::m * 4; i += S::threads) {
        const int row = i / 4, part = i % 4, stage = turn % S::stages;
        const int to = place(row, part) + (bug == Bug::wrong_address && row == S::m - 1 ? S::stages * S::m * S::k : 0);
        ptx::cp_async_16(ptx::shared_address(shared.a[stage]) + 2 * static_cast<unsigned>(place(row, part)),
                         a + (first_row + row) * depth + turn * S::k + part * 8);
        ptx::cp_async_16(ptx::shared_address(shared.b[stage]) + 2 * static_cast<unsigned>(to),
                         b + (first_column + row) * depth + turn * S::k + part * 8);
      }
    ptx::cp_async_commit();
  };

  for (int turn = 0; turn < S::stages - 1; ++turn) fill(turn);
  float d[2][4][4] = {};
  const int warp_row = warp / 2 * 32, warp_column = warp % 2 * 32;
  for (int turn = 0; turn * S::k < depth; ++turn) {
    ptx::cp_async_wait<bug == Bug::wrong_wait_count ? S::stages - 1 : S::stages - 2>();
    if constexpr (bug == Bug::refilled_early) fill(turn + S::stages - 1);
    if constexpr (bug != Bug::missing_barrier) ptx::bar_sync();
    if constexpr (bug != Bug::refilled_early) fill(turn + S::stages - 1);
    const int stage = turn % S::stages;
#pragma unroll
    for (int step = 0; step < S::k / 16; ++step) {
      std::uint32_t from_a[2][4], from_b[2][4];
      const int swapped = bug == Bug::wrong_fragment ? 1 : 0;
#pragma unroll
      for (int i = 0; i < 2; ++i) {
        const int row = i * 16 + lane % 16, part = step * 2 + lane / 16;
        ptx::ldmatrix(
            from_a[i],
            ptx::shared_address(shared.a[stage]) + 2 * static_cast<unsigned>(read_place(warp_row + row, part)));
        const int column = i * 16 + lane % 8 + lane / 16 * 8, part_b = step * 2 + ((lane / 8 + swapped) % 2);
        ptx::ldmatrix(
            from_b[i],
            ptx::shared_address(shared.b[stage]) + 2 * static_cast<unsigned>(read_place(warp_column + column, part_b)));
      }
#pragma unroll
      for (int i = 0; i < 2; ++i)
#pragma unroll
        for (int j = 0; j < 4; ++j)
          ptx::mma<__nv_bfloat16>(d[i][j], from_a[i], {from_b[j / 2][j % 2 * 2], from_b[j / 2][j % 2 * 2 + 1]});
    }
  }
  const int row = first_row + warp_row + lane / 4, column = first_column + warp_column + lane % 4 * 2;
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 4; ++j)
      for (int e = 0; e < 4; ++e) c[(row + i * 16 + e / 2 * 8) * n + column + j * 8 + e % 2] = d[i][j][e];
}

// ---- wgmma, warp-specialised and persistent: one warp brings tiles, two warpgroups multiply, bulk copies store

struct SpecialisedGemm {
  static constexpr int m = 128, n = 64, k = 64, stages = 3, threads = 384;  // 64 BF16 are 128 bytes: one swizzle
  alignas(1024) __nv_bfloat16 a[stages][m * k];
  alignas(1024) __nv_bfloat16 b[stages][n * k];
  alignas(1024) float c[m * n];
  ptx::Barrier full[stages], empty[stages];
};

template <Bug bug>
__global__ __launch_bounds__(SpecialisedGemm::threads,
                             1) void specialised_gemm_kernel(const __grid_constant__ CUtensorMap a,
                                                             const __grid_constant__ CUtensorMap b,
                                                             const __grid_constant__ CUtensorMap c,
                                                             int m,
                                                             int n,
                                                             int depth) {
  using S = SpecialisedGemm;
  auto& shared = ptx::shared_memory<S>();
  const int thread = static_cast<int>(threadIdx.x), warpgroup = thread / 128;
  if (thread == 0) {
    for (int stage = 0; stage < S::stages; ++stage) {
      ptx::mbarrier_init(shared.full[stage], 1);
      ptx::mbarrier_init(shared.empty[stage], bug == Bug::wrong_count ? 4 : 8);  // warps that read it
    }
    ptx::mbarrier_fence_init();
  }
  ptx::bar_sync();
  const int across = n / S::n, tiles = m / S::m * across, turns = depth / S::k;
  int used = 0;  // stages so far: which one, and in which round of all
  const auto stage_of = [](int count) { return count % S::stages; };
  const auto parity_of = [](int count) {
    return bug == Bug::phase_not_flipped ? 0U : static_cast<unsigned>(count / S::stages % 2);
  };

  if (warpgroup == 0) {
    ptx::give_registers<40>();
    if (thread != 0) return;
    for (int tile = static_cast<int>(blockIdx.x); tile < tiles; tile += static_cast<int>(gridDim.x))
      for (int turn = 0; turn < turns; ++turn, ++used) {
        const int stage = stage_of(used);
        ptx::mbarrier_wait(shared.empty[stage], parity_of(used) ^ 1);
        constexpr int right = (S::m + S::n) * S::k * 2;
        constexpr int bytes = bug == Bug::too_few_bytes    ? S::m * S::k * 2
                              : bug == Bug::too_many_bytes ? right + 16
                                                           : right;
        ptx::mbarrier_arrive_expect(shared.full[stage], bytes);
        ptx::tensor_load(shared.a[stage], a, shared.full[stage], turn * S::k, tile / across * S::m);
        if constexpr (bug == Bug::overlapping_barrier)
          ptx::tensor_load(reinterpret_cast<unsigned char*>(&shared.full[0]) + 128 - S::n * S::k * 2,
                           b,
                           shared.full[stage],
                           turn * S::k,
                           tile % across * S::n);
        else
          ptx::tensor_load(shared.b[stage], b, shared.full[stage], turn * S::k, tile % across * S::n);
      }
    return;
  }

  ptx::take_registers<232>();
  const int member = thread % 128, half = warpgroup - 1;
  for (int tile = static_cast<int>(blockIdx.x); tile < tiles; tile += static_cast<int>(gridDim.x)) {
    float d[S::n / 2];
    for (int turn = 0; turn < turns; ++turn, ++used) {
      const int stage = stage_of(used);
      ptx::mbarrier_wait(shared.full[stage], parity_of(used));
      constexpr cuda::Swizzle mode = bug == Bug::wrong_mode ? cuda::Swizzle::bytes64 : cuda::Swizzle::bytes128;
      const std::uint64_t from_a = ptx::matrix_descriptor(
          ptx::shared_address(shared.a[stage]) + static_cast<unsigned>(half) * 64 * 128, 16, 1024, mode);
      const std::uint64_t from_b = ptx::matrix_descriptor(ptx::shared_address(shared.b[stage]), 16, 1024, mode);
      if constexpr (bug != Bug::missing_wgmma_fence) ptx::wgmma_fence(d);
#pragma unroll
      for (unsigned step = 0; step < S::k / 16; ++step) {
        const unsigned along = bug == Bug::wrong_descriptor ? step * 32 * 32 : step * 2;
        ptx::wgmma<__nv_bfloat16, S::n>(d, from_a + along, from_b + along, turn + static_cast<int>(step) > 0);
      }
      ptx::wgmma_commit();
      if constexpr (bug == Bug::released_early)
        if (member % 32 == 0) ptx::mbarrier_arrive(shared.empty[stage]);
      if constexpr (bug != Bug::missing_wgmma_wait) ptx::wgmma_wait<0>(d);
      if constexpr (bug != Bug::released_early)
        if (member % 32 == 0) ptx::mbarrier_arrive(shared.empty[stage]);
    }
    // Through shared memory and out; the tile before has been read by then.
    constexpr unsigned stored = 1;
    if (member == 0 && bug != Bug::missing_store_wait) ptx::bulk_wait_read<0>();
    ptx::bar_sync(stored + static_cast<unsigned>(half) * 2, 128);
    const int row = half * 64 + member / 32 * 16 + member % 32 / 4, column = member % 4 * 2;
#pragma unroll
    for (int i = 0; i < S::n / 2; ++i) shared.c[(row + i / 2 % 2 * 8) * S::n + column + i / 4 * 8 + i % 2] = d[i];
    if constexpr (bug != Bug::missing_proxy_fence) ptx::fence_proxy_async();
    ptx::bar_sync(stored + static_cast<unsigned>(half) * 2 + 1, 128);
    if (member == 0) {
      ptx::tensor_store(c, tile % across * S::n, tile / across * S::m + half * 64, shared.c + half * 64 * S::n);
      ptx::bulk_commit();
    }
  }
  if (member == 0 && bug != Bug::missing_store_wait) ptx::bulk_wait_read<0>();
}

}  // namespace gpubench::device_tests
