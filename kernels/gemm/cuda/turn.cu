#include "harness/core/error.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "harness/devices/cuda/ptx/barrier.cuh"
#include "harness/devices/cuda/ptx/shared.cuh"
#include "kernels/gemm/cuda/turn.hpp"

namespace gpubench::cuda {
namespace {

constexpr int side = 32, rows_at_once = 8, threads = side * rows_at_once;

/// A square; one number more in each row, so that neither rows nor columns meet in the same banks.
struct Square {
  float at[side][side + 1];
};

/// Rows of 128 bytes are read, and rows of 128 bytes written.
__global__ __launch_bounds__(threads) void turn_kernel(const float* from,
                                                       std::int64_t from_pitch,
                                                       std::int64_t rows,
                                                       std::int64_t columns,
                                                       float* to,
                                                       std::int64_t pitch) {
  auto& square = ptx::shared_memory<Square>();
  const int along = static_cast<int>(threadIdx.x) % side, across = static_cast<int>(threadIdx.x) / side;
  const std::int64_t first_row = std::int64_t{blockIdx.x} * side, first_column = std::int64_t{blockIdx.y} * side;
#pragma unroll
  for (int i = across; i < side; i += rows_at_once)
    if (first_row + i < rows && first_column + along < columns)
      square.at[i][along] = from[(first_row + i) * from_pitch + first_column + along];
  ptx::bar_sync();
#pragma unroll
  for (int i = across; i < side; i += rows_at_once)
    if (first_column + i < columns && first_row + along < rows)
      to[(first_column + i) * pitch + first_row + along] = square.at[along][i];
}

}  // namespace

void turn(Stream stream, const Matrix& from, std::int64_t rows, std::int64_t columns, float* to, std::int64_t pitch) {
  constexpr std::int64_t most = 65535;
  const auto pieces = [](std::int64_t all) { return (all + side - 1) / side; };
  if (rows == 0 || columns == 0) return;
  if (pieces(columns) > most) throw Error("a matrix has more columns than one launch turns");
  launch<turn_kernel>(stream,
                      {.grid = dim3(static_cast<unsigned>(pieces(rows)), static_cast<unsigned>(pieces(columns))),
                       .block = threads,
                       .shared_bytes = sizeof(Square)},
                      static_cast<const float*>(from.data),
                      from.pitch,
                      rows,
                      columns,
                      to,
                      pitch);
}

}  // namespace gpubench::cuda
