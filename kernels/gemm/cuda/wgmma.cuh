#pragma once

#include <type_traits>

#include "harness/devices/cuda/launch.cuh"
#include "harness/devices/cuda/ptx/barrier.cuh"
#include "harness/devices/cuda/ptx/bulk_copy.cuh"
#include "harness/devices/cuda/ptx/cluster.cuh"
#include "harness/devices/cuda/ptx/shuffle.cuh"
#include "harness/devices/cuda/ptx/wgmma.cuh"
#include "kernels/gemm/cuda/tile_order.cuh"
#include "kernels/gemm/cuda/wgmma_store.cuh"
#include "kernels/gemm/cuda/wgmma_task.hpp"

namespace gpubench::cuda {

/// What a product by wgmma is compiled for. A stage is 128 bytes of k, one row of the widest swizzle: 64 numbers of 16
/// bits, 32 of TF32, 128 of FP8.
template <class In_, ptx::Major a, ptx::Major b, class TileShape, bool promotes = false>
struct WgmmaShape {
  using In = In_;
  using Out = std::conditional_t<std::is_same_v<In, __nv_fp8_e4m3>,
                                 __nv_bfloat16,
                                 std::conditional_t<std::is_same_v<In, ptx::Tf32>, float, In>>;
  static constexpr ptx::Major major_a = a, major_b = b;
  static constexpr int m = TileShape::m, n = TileShape::n, k = 128 / static_cast<int>(sizeof(In));
  static constexpr int stages = TileShape::stages;
  /// FP8: sums of 128 products leave the Tensor Cores and are added in FP32.
  static constexpr bool promoted = promotes;

  /// Blocks of a cluster are rows and columns of tiles. Those of a row fetch a part of a each, for all of them; those
  /// of a column of b.
  static constexpr int down = TileShape::down, across = TileShape::across, cluster = down * across;
  static constexpr int a_share = m / across, b_share = n / down;  ///< rows of 128 bytes, where k is contiguous

  static constexpr int consumers = m / 64, threads = 128 * (1 + consumers);
  static constexpr int a_bytes = m * 128, b_bytes = n * 128;
  static_assert(m == 128 && n % 64 == 0 && a_share % 8 == 0 && b_share % 8 == 0);
  static_assert(a == ptx::Major::k || a_share % 64 == 0, "64 of what is contiguous are copied at once");
  static_assert(b == ptx::Major::k || b_share % 64 == 0);
};

template <class S>
struct WgmmaShared {
  alignas(1024) unsigned char a[S::stages][S::a_bytes];
  alignas(1024) unsigned char b[S::stages][S::b_bytes];
  alignas(1024) WgmmaStaging staging[S::consumers];
  ptx::Barrier full[S::stages], empty[S::stages];
};

/// What is the same for all blocks: where tiles are, and how many.
struct WgmmaGrid {
  int m, n;
  TileOrder order;     ///< rows and columns are of clusters
  int stages;          ///< of k, all parts together
  bool stored_by_tma;  ///< of 16 bits: c and aux lie so that it can
};

/// Which stage of the ring it is, and in which round.
struct RingPlace {
  int stage;
  unsigned parity;
};
template <class S>
__device__ __forceinline__ RingPlace ring_place(int used) {
  return {used % S::stages, static_cast<unsigned>(used / S::stages % 2)};
}

/// Of a block: its rank in the cluster, and where its tile lies among those of the cluster.
struct ClusterPlace {
  int rank, row, column;
};
template <class S>
__device__ __forceinline__ ClusterPlace cluster_place() {
  const int rank = S::cluster > 1 ? static_cast<int>(ptx::cluster_rank()) : 0;
  return {rank, rank / S::across, rank % S::across};
}

/// One operand's part of a stage that this block fetches, to itself and to the blocks of `mask`. @param first row of
/// the share within the tile @param place of the share in the matrix, where k is not counted
template <ptx::Major major, int share, bool shared_by_several>
__device__ __forceinline__ void wgmma_fetch(unsigned char* stage,
                                            const CUtensorMap& map,
                                            ptx::Barrier& full,
                                            int first,
                                            int k,
                                            int place,
                                            std::uint16_t mask,
                                            Where where = Where::here()) {
  const auto copy = [&](unsigned char* to, int x, int y) {
    if constexpr (shared_by_several)
      ptx::tensor_load_multicast(to, map, full, x, y, mask, where);
    else
      ptx::tensor_load(to, map, full, x, y, where);
  };
  unsigned char* const to = stage + first * 128;
  if constexpr (major == ptx::Major::k)
    copy(to, k, place);
  else
#pragma unroll
    for (int i = 0; i < share / 64; ++i) copy(to + i * 8192, place + i * 64, k);
}

/// By one thread: brings every stage of every tile of this block.
template <class S>
__device__ __forceinline__ void wgmma_produce(WgmmaShared<S>& shared,
                                              const CUtensorMap& a,
                                              const CUtensorMap& b,
                                              const WgmmaGrid& grid,
                                              const ClusterPlace& mine) {
  // Blocks of this one's row have neighbouring ranks, those of its column are `across` apart.
  constexpr unsigned row_mask = (1U << S::across) - 1;
  unsigned column_mask = 0;
#pragma unroll
  for (int i = 0; i < S::down; ++i) column_mask |= 1U << (i * S::across);
  const auto of_a = static_cast<std::uint16_t>(row_mask << (mine.row * S::across));
  const auto of_b = static_cast<std::uint16_t>(column_mask << mine.column);
  const int from_a = mine.column * S::a_share, from_b = mine.row * S::b_share;
  int used = 0;
  for (int tile = static_cast<int>(blockIdx.x) / S::cluster; tile < grid.order.count();
       tile += static_cast<int>(gridDim.x) / S::cluster) {
    const TilePlace place = grid.order.at(tile);
    const Stretch stretch = stretch_of(place.part, grid.order.parts, grid.stages);
    const int row = (place.row * S::down + mine.row) * S::m + from_a;
    const int column = (place.column * S::across + mine.column) * S::n + from_b;
    for (int turn = stretch.first; turn < stretch.end; ++turn, ++used) {
      const auto [stage, parity] = ring_place<S>(used);
      ptx::mbarrier_wait(shared.empty[stage], parity ^ 1);
      ptx::Barrier& full = shared.full[stage];
      ptx::mbarrier_arrive_expect(full, S::a_bytes + S::b_bytes);
      wgmma_fetch<S::major_a, S::a_share, (S::across > 1)>(shared.a[stage], a, full, from_a, turn * S::k, row, of_a);
      wgmma_fetch<S::major_b, S::b_share, (S::down > 1)>(shared.b[stage], b, full, from_b, turn * S::k, column, of_b);
    }
  }
}

/// By a warp that has read a stage: tells all blocks that bring something to it. They are those of its row and of its
/// column, which are also those that it brings something to.
template <class S>
__device__ __forceinline__ void wgmma_release(ptx::Barrier& empty, const ClusterPlace& mine, int lane) {
  if constexpr (S::cluster == 1) {
    if (lane == 0) ptx::mbarrier_arrive(empty);
  } else {
    const bool concerned = lane < S::cluster && (lane / S::across == mine.row || lane % S::across == mine.column);
    if (concerned)
      ptx::mbarrier_arrive_remote<ptx::Tells::nothing>(
          ptx::address_in_rank(ptx::shared_address(&empty), static_cast<unsigned>(lane)));
  }
}

/// The products of one stage, begun.
template <class S>
__device__ __forceinline__ void wgmma_stage(
    float (&d)[S::n / 2], const unsigned char* a, const unsigned char* b, bool add, Where where = Where::here()) {
  constexpr bool a_along_k = S::major_a == ptx::Major::k, b_along_k = S::major_b == ptx::Major::k;
  constexpr auto swizzle = Swizzle::bytes128;
  // Eight rows of 128 bytes are 1024. Where k is not the contiguous one: 64 of the other lie beside each other, and the
  // next 64 of them 8192 bytes on.
  const std::uint64_t from_a = ptx::matrix_descriptor(ptx::shared_address(a, where), 8192, 1024, swizzle);
  const std::uint64_t from_b = ptx::matrix_descriptor(ptx::shared_address(b, where), 8192, 1024, swizzle);
#pragma unroll
  for (unsigned step = 0; step < 4; ++step)
    ptx::wgmma<typename S::In, S::n, S::major_a, S::major_b>(
        d, from_a + step * (a_along_k ? 2 : 128), from_b + step * (b_along_k ? 2 : 128), add || step > 0, where);
}

template <class S>
__global__ __launch_bounds__(S::threads, 1) void wgmma_gemm_kernel(const __grid_constant__ CUtensorMap a,
                                                                   const __grid_constant__ CUtensorMap b,
                                                                   const __grid_constant__ CUtensorMap c,
                                                                   const __grid_constant__ CUtensorMap aux,
                                                                   WgmmaGrid grid,
                                                                   TileEpilogue<typename S::Out> epilogue,
                                                                   float* parts) {
  auto& shared = ptx::shared_memory<WgmmaShared<S>>();
  const int thread = static_cast<int>(threadIdx.x);
  // Told by one lane, so that the compiler knows that it is the same in all of them.
  const int warpgroup = ptx::shfl_from(thread / 128, 0);
  const ClusterPlace mine = cluster_place<S>();
  if (thread == 0) {
    ptx::prefetch_tensor_map(a);
    ptx::prefetch_tensor_map(b);
    for (int stage = 0; stage < S::stages; ++stage) {
      ptx::mbarrier_init(shared.full[stage], 1);
      ptx::mbarrier_init(shared.empty[stage], 4 * S::consumers * (S::down + S::across - 1));  // warps that read it
    }
    ptx::mbarrier_fence_init();
  }
  if constexpr (S::cluster > 1)
    ptx::cluster_sync<ptx::Tells::nothing>();  // the fence has told of them
  else
    ptx::bar_sync();

  if (warpgroup == 0) {
    ptx::give_registers<40>();
    if (thread == 0) wgmma_produce(shared, a, b, grid, mine);
    ptx::warp_sync();
  } else {
    ptx::take_registers<232>();
    const int member = thread % 128, half = warpgroup - 1;
    const auto release = [&](int stage) { wgmma_release<S>(shared.empty[stage], mine, member % 32); };
    int used = 0, stored = 0;
    for (int tile = static_cast<int>(blockIdx.x) / S::cluster; tile < grid.order.count();
         tile += static_cast<int>(gridDim.x) / S::cluster) {
      const TilePlace place = grid.order.at(tile);
      const Stretch stretch = stretch_of(place.part, grid.order.parts, grid.stages);
      float d[S::n / 2];
      // Zeros to begin with, though the first products need not be added: of accumulators that nobody has written CUDA
      // 12.4 says that something else defines them, and waits after each product.
#pragma unroll
      for (float& sum : d) sum = 0;
      if constexpr (S::promoted) {
        for (int turn = stretch.first; turn < stretch.end; ++turn, ++used) {
          const auto [stage, parity] = ring_place<S>(used);
          ptx::mbarrier_wait(shared.full[stage], parity);
          float some[S::n / 2];
          ptx::wgmma_fence(some);
          wgmma_stage<S>(some, shared.a[stage] + half * 8192, shared.b[stage], false);
          ptx::wgmma_commit();
          ptx::wgmma_wait<0>(some);
          release(stage);
#pragma unroll
          for (int i = 0; i < S::n / 2; ++i) d[i] += some[i];
        }
      } else {
        for (int turn = stretch.first; turn < stretch.end; ++turn, ++used) {
          const auto [stage, parity] = ring_place<S>(used);
          ptx::mbarrier_wait(shared.full[stage], parity);
          ptx::wgmma_fence(d);
          wgmma_stage<S>(d, shared.a[stage] + half * 8192, shared.b[stage], true);
          ptx::wgmma_commit();
          // The products of the stage before are done; those of this one go on while the next one is waited for.
          ptx::wgmma_wait<1>();
          if (turn > stretch.first) release(ring_place<S>(used - 1).stage);
        }
        ptx::wgmma_wait<0>(d);
        release(ring_place<S>(used - 1).stage);
      }

      const int row = (place.row * S::down + mine.row) * S::m + half * 64;
      const int column = (place.column * S::across + mine.column) * S::n;
      const Fragments at = fragments(member, row, column, grid.m, grid.n);
      const auto store = [&](const CUtensorMap& map, typename S::Out* to) {
        if (sizeof(*to) == 4 || !grid.stored_by_tma)
          store_fragments(d, to, epilogue.pitch, at);
        else if constexpr (sizeof(*to) == 2)
          store_by_tma<typename S::Out>(d, map, shared.staging[half], stored, member, warpgroup, row, column);
      };
      if (grid.order.parts > 1) {
        store_fragments(d, parts + std::int64_t{place.part} * grid.m * grid.n, grid.n, at);
        continue;
      }
      prepare(d, epilogue, at);
      if (epilogue.aux) store(aux, epilogue.aux);
      activate(d, epilogue.activation);
      store(c, epilogue.c);
    }
    if (member == 0) ptx::bulk_wait_read<0>();
  }
  // No block ends while another one of the cluster may still write to it.
  if constexpr (S::cluster > 1) ptx::cluster_sync<ptx::Tells::nothing>();
}

}  // namespace gpubench::cuda
