#include "harness/core/error.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "harness/devices/cuda/ptx/barrier.cuh"
#include "harness/devices/cuda/ptx/shared.cuh"
#include "kernels/training/cuda/column_sums.hpp"

namespace gpubench::cuda {
namespace {

// A warp reads 32 columns side by side; eight of them share the rows, or the few columns there are would keep too few
// loads under way. Bound by the reading of `parts`, which has just been written and is small enough for the L2 cache.
constexpr int across = 32, down = 8;

struct Shared {
  float sums[down][across];
};

__global__ __launch_bounds__(across* down) void add_parts_kernel(
    const float* parts, std::int64_t count, std::int64_t columns, float* first, float* second) {
  auto& shared = ptx::shared_memory<Shared>();
  const unsigned lane = threadIdx.x % across, slot = threadIdx.x / across;
  const std::int64_t column = std::int64_t{blockIdx.x} * across + lane;
  const float* from = parts + blockIdx.y * count * columns;
  float sum = 0;
  if (column < columns) {
#pragma unroll 4
    for (std::int64_t p = slot; p < count; p += down) sum += from[p * columns + column];
  }
  shared.sums[slot][lane] = sum;
  ptx::bar_sync();
  if (slot > 0 || column >= columns) return;
#pragma unroll
  for (int other = 1; other < down; ++other) sum += shared.sums[other][lane];
  (blockIdx.y == 0 ? first : second)[column] = sum;
}

}  // namespace

void add_parts(
    Stream stream, const float* parts, std::int64_t count, std::int64_t columns, float* first, float* second) {
  if (count < 1 || columns < 1) throw Error("there are no parts of sums to add");
  const auto blocks = static_cast<unsigned>((columns + across - 1) / across);
  launch<add_parts_kernel>(stream,
                           {.grid = {blocks, 2, 1}, .block = across * down, .shared_bytes = sizeof(Shared)},
                           parts,
                           count,
                           columns,
                           first,
                           second);
}

}  // namespace gpubench::cuda
