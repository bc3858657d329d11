#include <algorithm>
#include <cstdint>
#include <limits>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "harness/devices/cuda/ptx/barrier.cuh"
#include "harness/devices/cuda/ptx/shared.cuh"
#include "harness/devices/cuda/ptx/shuffle.cuh"
#include "kernels/training/cuda/dispatch.cuh"
#include "kernels/training/cuda/embedding.hpp"

namespace gpubench::cuda {
namespace {

using training::EmbeddingShape;

constexpr int threads = 256, warps = threads / 32;
constexpr int width_each = 4;                           // columns of a thread: 16 bytes of FP32, 8 of the 16-bit types
constexpr int columns_of_block = threads * width_each;  // a strip of a row
constexpr int tokens_each = 4;                          // tokens that a thread compares at a time
constexpr int tile = threads * tokens_each;             // and a block
constexpr int rows_under_way = 4;                       // rows of dy that a thread loads before it adds the first

/// Adds some columns of `rows` rows of dy to `sums`, in order. @param row which row is the i-th
template <class T, class Row>
__device__ __forceinline__ void add_rows(ptx::Vector<float>& sums,
                                         const T* dy,
                                         std::int64_t width,
                                         std::int64_t column,
                                         bool aligned,
                                         std::int64_t rows,
                                         const Row& row) {
  constexpr int bytes = width_each * sizeof(T);
  for (std::int64_t first = 0; first < rows; first += rows_under_way) {
    ptx::Vector<T, bytes> part[rows_under_way]{};
#pragma unroll
    for (int i = 0; i < rows_under_way; ++i)
      if (first + i < rows) part[i] = load_part<bytes>(dy + row(first + i) * width + column, width - column, aligned);
#pragma unroll
    for (int i = 0; i < rows_under_way; ++i)
      if (first + i < rows)
#pragma unroll
        for (int k = 0; k < width_each; ++k) sums.at[k] += to_float(part[i].at[k]);
  }
}

// Bound by the memory: a row of the table read, and one of y written; positions stay in the L2 cache. A warp a row.
template <class T>
__global__ __launch_bounds__(threads) void forward_kernel(
    EmbeddingShape s, const std::int32_t* tokens, const float* table, const float* positions, T* y, bool aligned) {
  constexpr int vectors_each = 2, step = 32 * width_each;
  const std::int64_t row = std::int64_t{blockIdx.x} * warps + ptx::warp_id();
  if (row >= s.batch * s.sequence) return;
  const std::int64_t token = tokens[row];
  const bool known = token >= 0 && token < s.vocabulary;
  const float* const from = table + (known ? token : 0) * s.width;
  const float* const position = positions + row % s.sequence * s.width;
  T* const to = y + row * s.width;
  for (std::int64_t first = ptx::lane_id() * width_each; first < s.width; first += step * vectors_each) {
    ptx::Vector<float> word[vectors_each], place[vectors_each];
#pragma unroll
    for (int i = 0; i < vectors_each; ++i) {
      const std::int64_t column = first + i * step;
      word[i] = load_part(from + column, s.width - column, aligned);
      place[i] = load_part(position + column, s.width - column, aligned);
    }
#pragma unroll
    for (int i = 0; i < vectors_each; ++i) {
      const std::int64_t column = first + i * step;
      ptx::Vector<T, width_each * sizeof(T)> sum;
#pragma unroll
      for (int k = 0; k < width_each; ++k) {
        const float value = known ? word[i].at[k] : std::numeric_limits<float>::quiet_NaN();
        sum.at[k] = from_float<T>(value + place[i].at[k]);
      }
      store_part(to + column, sum, s.width - column, aligned);
    }
  }
}

struct Found {
  std::int32_t in_warp[warps];  ///< how many rows of the tile
  std::int32_t row[tile];       ///< they, in order
};

/// The rows from `first` on that have `token`, at most a tile, in order. Its first barrier is also the one before which
/// every thread has read the list of the call before. @returns how many, to all threads of the block
__device__ __forceinline__ int find_rows(
    Found& found, const std::int32_t* tokens, std::int64_t rows, std::int64_t first, std::int32_t token, bool aligned) {
  const std::int64_t mine = first + threadIdx.x * tokens_each;
  const auto here = load_part<16, Access::plain>(tokens + mine, rows - mine, aligned);
  const std::uint32_t lanes_before = (1U << ptx::lane_id()) - 1;
  unsigned before = 0, in_warp = 0;
#pragma unroll
  for (int k = 0; k < tokens_each; ++k) {
    const std::uint32_t lanes = ptx::ballot(mine + k < rows && here.at[k] == token);
    before += ptx::popc(lanes & lanes_before);
    in_warp += ptx::popc(lanes);
  }
  if (ptx::lane_id() == 0) found.in_warp[ptx::warp_id()] = static_cast<std::int32_t>(in_warp);
  ptx::bar_sync();
  int at = static_cast<int>(before), all = 0;
#pragma unroll
  for (int warp = 0; warp < warps; ++warp) {
    if (warp < static_cast<int>(ptx::warp_id())) at += found.in_warp[warp];
    all += found.in_warp[warp];
  }
#pragma unroll
  for (int k = 0; k < tokens_each; ++k)
    if (mine + k < rows && here.at[k] == token) found.row[at++] = static_cast<std::int32_t>(mine + k);
  ptx::bar_sync();
  return all;
}

// A block for each row: where it is the first with its token, it adds all rows of the token to the table's row, in
// order, and where it is not, it has nothing to do. Nobody else writes that row of the table, so no atomics and one
// order. Bound by the memory while rows are few: dy is read once, and a row of dtable for each token that occurs. The
// search reads the tokens, which stay in the caches, again in every block: its share grows with the square of the rows.
template <class T>
__global__ __launch_bounds__(threads) void table_gradient_kernel(
    EmbeddingShape s, const std::int32_t* tokens, const T* dy, float* dtable, bool tokens_aligned, bool aligned) {
  auto& found = ptx::shared_memory<Found>();
  const std::int64_t row = blockIdx.x, rows = s.batch * s.sequence;
  const std::int32_t token = tokens[row];
  if (token < 0 || token >= s.vocabulary) return;
  const std::int64_t column = std::int64_t{blockIdx.y} * columns_of_block + threadIdx.x * width_each;
  float* const to = dtable + token * s.width + column;
  ptx::Vector<float> sums{};
  bool begun = false;
  for (std::int64_t first = 0; first < rows; first += tile) {
    const int count = find_rows(found, tokens, rows, first, token, tokens_aligned);
    if (count == 0) continue;
    if (!begun) {
      if (found.row[0] != row) return;
      sums = load_part<16, Access::plain>(to, s.width - column, aligned);
      begun = true;
    }
    const auto row_of_list = [&](std::int64_t i) { return std::int64_t{found.row[i]}; };
    if (column < s.width) add_rows(sums, dy, s.width, column, aligned, count, row_of_list);
  }
  store_part(to, sums, s.width - column, aligned);
}

// Bound by the memory: dy is read once. A block for each position and strip of columns.
template <class T>
__global__ __launch_bounds__(threads) void position_gradient_kernel(EmbeddingShape s,
                                                                    const T* dy,
                                                                    float* dpositions,
                                                                    bool aligned) {
  const std::int64_t position = blockIdx.x;
  const std::int64_t column = (std::int64_t{blockIdx.y} * blockDim.x + threadIdx.x) * width_each;
  if (column >= s.width) return;
  ptx::Vector<float> sums{};
  const auto row = [&](std::int64_t i) { return i * s.sequence + position; };
  if (position < s.sequence) add_rows(sums, dy, s.width, column, aligned, s.batch, row);
  store_part(dpositions + position * s.width + column, sums, s.width - column, aligned);
}

void check(const EmbeddingShape& s) {
  if (s.batch < 0 || s.sequence < 1 || s.vocabulary < 1 || s.positions < 0 || s.width < 0)
    throw Error("an embedding has an impossible shape");
  if (s.rows() > std::numeric_limits<std::int32_t>::max()) throw Error("an embedding has too many rows");
  if (s.sequence > s.positions) throw Error("an embedding has fewer positions than a sequence has tokens");
}

/// How many blocks of `columns` columns a row takes.
unsigned strips(const EmbeddingShape& s, std::int64_t columns) {
  return static_cast<unsigned>((s.width + columns - 1) / columns);
}

/// As many threads as a row has work for, in whole warps.
unsigned threads_of_strip(const EmbeddingShape& s) {
  constexpr std::int64_t columns_of_warp = 32 * width_each;
  return static_cast<unsigned>(std::min<std::int64_t>(threads, strips(s, columns_of_warp) * 32));
}

}  // namespace

void embedding_forward(Stream stream,
                       const training::EmbeddingForward& operation,
                       const std::int32_t* tokens,
                       const float* table,
                       const float* positions,
                       void* y) {
  const EmbeddingShape& s = operation.shape;
  check(s);
  with_type(operation.type, [&]<class T>(T* /*type*/) {
    if (!all_aligned({tokens, table, positions}, sizeof(float)) || !all_aligned({y}, sizeof(T)))
      throw Error("an array of an embedding begins between elements of its type");
    if (s.rows() == 0 || s.width == 0) return;
    const bool aligned =
        all_aligned({table, positions}, 16) && all_aligned({y}, width_each * sizeof(T)) && s.width % width_each == 0;
    const auto blocks = static_cast<unsigned>((s.rows() + warps - 1) / warps);
    launch<forward_kernel<T>>(
        stream, {.grid = blocks, .block = threads}, s, tokens, table, positions, static_cast<T*>(y), aligned);
  });
}

void embedding_backward(Stream stream,
                        const training::EmbeddingBackward& operation,
                        const std::int32_t* tokens,
                        const void* dy,
                        float* dtable,
                        float* dpositions) {
  const EmbeddingShape& s = operation.shape;
  check(s);
  with_type(operation.type, [&]<class T>(T* /*type*/) {
    if (!all_aligned({tokens, dtable, dpositions}, sizeof(float)) || !all_aligned({dy}, sizeof(T)))
      throw Error("an array of an embedding begins between elements of its type");
    if (s.width == 0) return;
    const bool dy_aligned = all_aligned({dy}, width_each * sizeof(T)) && s.width % width_each == 0;
    const auto* const gradients = static_cast<const T*>(dy);
    if (s.rows() > 0)
      launch<table_gradient_kernel<T>>(stream,
                                       {.grid = {static_cast<unsigned>(s.rows()), strips(s, columns_of_block)},
                                        .block = threads,
                                        .shared_bytes = sizeof(Found)},
                                       s,
                                       tokens,
                                       gradients,
                                       dtable,
                                       all_aligned({tokens}, 16),
                                       dy_aligned && all_aligned({dtable}, 16));
    const unsigned block = threads_of_strip(s);
    launch<position_gradient_kernel<T>>(
        stream,
        {.grid = {static_cast<unsigned>(s.positions), strips(s, block * width_each)}, .block = block},
        s,
        gradients,
        dpositions,
        dy_aligned && all_aligned({dpositions}, 16));
  });
}

}  // namespace gpubench::cuda
