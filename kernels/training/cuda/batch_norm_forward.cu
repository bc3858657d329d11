#include <cstdint>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "harness/devices/cuda/ptx/barrier.cuh"
#include "harness/devices/cuda/ptx/shared.cuh"
#include "kernels/training/cuda/batch_norm.hpp"
#include "kernels/training/cuda/channel_tiles.cuh"
#include "kernels/training/cuda/dispatch.cuh"
#include "kernels/training/cuda/parameters.cuh"

namespace gpubench::cuda {
namespace {

// Bound by the memory: x is read twice, as the statistics of all of it come before the first y, and y is written once.
//
// The variance is made of sums of squared deviations from means: of four rows, of a thread's rows, of a block's, of
// all. Parts with n, mean, m2 combine to mean = sum n mean / N and m2 = sum (m2 + n (part's mean - mean)^2) (Chan,
// Golub, LeVeque 1983), which does not cancel where the mean is large against the deviation. The sum of means
// rounds where they are large; what the parts' means differ from the result by, on average, is added to it.
constexpr int rows_at_once = 4;  // loads under way in a thread

template <int size>
struct Shared {
  ChannelColumns<size> means, squares;
};

/// parts: {2, slabs, channels}, mean and m2 of each slab
template <class T>
__global__ __launch_bounds__(channel_threads) void batch_statistics_kernel(const T* x,
                                                                           float* parts,
                                                                           ChannelTiles tiles,
                                                                           bool aligned) {
  constexpr int size = ptx::Vector<T>::size;
  auto& shared = ptx::shared_memory<Shared<size>>();
  const ChannelPart part = channel_part<size>(tiles);
  Floats<size> mean, squares;
  float count = 0;
  if (part.there > 0) {
    for (std::int64_t row = part.begin + part.slot; row < part.end; row += tiles.down * rows_at_once) {
      ptx::Vector<T> from[rows_at_once];
      bool has[rows_at_once];
      float more = 0;
#pragma unroll
      for (int i = 0; i < rows_at_once; ++i) {
        const std::int64_t at = row + i * tiles.down;
        has[i] = at < part.end;
        more += has[i] ? 1.0F : 0.0F;
        from[i] = load_part(x + at * tiles.channels + part.channel, has[i] ? part.there : 0, aligned);
      }
      const float share = 1 / more, weight = more / (count + more);
#pragma unroll
      for (int k = 0; k < size; ++k) {
        float sum = 0, new_squares = 0;
#pragma unroll
        for (int i = 0; i < rows_at_once; ++i) sum += to_float(from[i].at[k]);  // zero where there is no row
        const float new_mean = sum * share;
#pragma unroll
        for (int i = 0; i < rows_at_once; ++i) {
          const float deviation = has[i] ? to_float(from[i].at[k]) - new_mean : 0.0F;
          new_squares += deviation * deviation;
        }
        const float apart = new_mean - mean.at[k];
        mean.at[k] += apart * weight;
        squares.at[k] += new_squares + apart * apart * (count * weight);
      }
      count += more;
    }
  }
  if (part.slot < tiles.down) {
#pragma unroll
    for (int k = 0; k < size; ++k) {
      shared.means.at(tiles, part.slot, part.column + k) = mean.at[k];
      shared.squares.at(tiles, part.slot, part.column + k) = squares.at[k];
    }
  }
  ptx::bar_sync();
  const int column = static_cast<int>(threadIdx.x);
  const std::int64_t channel = std::int64_t{blockIdx.x} * tiles.across * size + column;
  if (column >= tiles.across * size || channel >= tiles.channels) return;
  const auto rows = static_cast<float>(part.end - part.begin);
  float sum = 0, rest = 0, all_squares = 0;
  for (int slot = 0; slot < tiles.down; ++slot)
    sum += rows_of_slot(tiles, part, slot) * shared.means.at(tiles, slot, column);
  for (int slot = 0; slot < tiles.down; ++slot) {
    const float count_of = rows_of_slot(tiles, part, slot), apart = shared.means.at(tiles, slot, column) - sum / rows;
    rest += count_of * apart;
    all_squares += shared.squares.at(tiles, slot, column) + count_of * apart * apart;
  }
  float* const to = parts + blockIdx.y * tiles.channels + channel;
  to[0] = sum / rows + rest / rows;
  to[tiles.slabs * tiles.channels] = all_squares;
}

constexpr int columns_of_block = 32, slots_of_block = channel_threads / columns_of_block;

struct CombineShared {
  float means[slots_of_block][columns_of_block], rests[slots_of_block][columns_of_block];
  float squares[slots_of_block][columns_of_block];
};

__global__ __launch_bounds__(channel_threads) void combine_statistics_kernel(const float* parts,
                                                                             float* means,
                                                                             float* variances,
                                                                             ChannelTiles tiles) {
  auto& shared = ptx::shared_memory<CombineShared>();
  const unsigned lane = threadIdx.x % columns_of_block, slot = threadIdx.x / columns_of_block;
  const std::int64_t channel = std::int64_t{blockIdx.x} * columns_of_block + lane;
  const bool works = channel < tiles.channels;
  const float* const of_squares = parts + tiles.slabs * tiles.channels;
  const auto rows = static_cast<float>(tiles.rows);
  const auto rows_of = [&](std::int64_t slab) {
    return static_cast<float>(slab + 1 < tiles.slabs ? tiles.rows_of_slab : tiles.rows - slab * tiles.rows_of_slab);
  };
  float sum = 0, rest = 0, squares = 0;
  if (works)
    for (std::int64_t slab = slot; slab < tiles.slabs; slab += slots_of_block)
      sum += rows_of(slab) * parts[slab * tiles.channels + channel];
  shared.means[slot][lane] = sum;
  ptx::bar_sync();
  float mean = 0;
#pragma unroll
  for (int other = 0; other < slots_of_block; ++other) mean += shared.means[other][lane];
  mean /= rows;
  if (works)
    for (std::int64_t slab = slot; slab < tiles.slabs; slab += slots_of_block) {
      const float apart = parts[slab * tiles.channels + channel] - mean;
      rest += rows_of(slab) * apart;
      squares += of_squares[slab * tiles.channels + channel] + rows_of(slab) * apart * apart;
    }
  shared.rests[slot][lane] = rest;
  shared.squares[slot][lane] = squares;
  ptx::bar_sync();
  if (slot > 0 || !works) return;
#pragma unroll
  for (int other = 1; other < slots_of_block; ++other) {
    rest += shared.rests[other][lane];
    squares += shared.squares[other][lane];
  }
  means[channel] = mean + rest / rows;
  variances[channel] = squares / rows;
}

template <class T>
__global__ __launch_bounds__(channel_threads) void batch_normalise_kernel(const T* x,
                                                                          const float* means,
                                                                          const float* variances,
                                                                          const float* scale,
                                                                          const float* shift,
                                                                          T* y,
                                                                          float epsilon,
                                                                          bool relu,
                                                                          ChannelTiles tiles,
                                                                          bool aligned) {
  constexpr int size = ptx::Vector<T>::size;
  const ChannelPart part = channel_part<size>(tiles);
  if (part.there <= 0) return;
  const auto mean = load_floats<size>(means + part.channel, part.there, aligned);
  const auto offset = load_floats<size>(shift + part.channel, part.there, aligned);
  const auto variance = load_floats<size>(variances + part.channel, part.there, aligned);
  auto factor = load_floats<size>(scale + part.channel, part.there, aligned);
#pragma unroll
  for (int k = 0; k < size; ++k) factor.at[k] *= ptx::rsqrt(variance.at[k] + epsilon);
  for (std::int64_t row = part.begin + part.slot; row < part.end; row += tiles.down * rows_at_once) {
    ptx::Vector<T> from[rows_at_once];
#pragma unroll
    for (int i = 0; i < rows_at_once; ++i) {
      const std::int64_t at = row + i * tiles.down;
      if (at < part.end) from[i] = load_part(x + at * tiles.channels + part.channel, part.there, aligned);
    }
#pragma unroll
    for (int i = 0; i < rows_at_once; ++i) {
      const std::int64_t at = row + i * tiles.down;
      if (at >= part.end) break;
      ptx::Vector<T> result;
#pragma unroll
      for (int k = 0; k < size; ++k) {
        const float value = (to_float(from[i].at[k]) - mean.at[k]) * factor.at[k] + offset.at[k];
        result.at[k] = from_float<T>(relu && value < 0 ? 0.0F : value);  // NaN stays
      }
      store_part(y + at * tiles.channels + part.channel, result, part.there, aligned);
    }
  }
}

}  // namespace

std::size_t batch_norm_forward_workspace(const training::BatchNormForward& operation) {
  return bytes_of_two_sums(operation.shape, operation.type);
}

void batch_norm_forward(Stream stream,
                        const training::BatchNormForward& operation,
                        const void* x,
                        const float* scale,
                        const float* shift,
                        void* y,
                        float* mean,
                        float* variance,
                        float* workspace) {
  if (!(operation.epsilon > 0)) throw Error("a batch norm's epsilon is not positive");
  with_type(operation.type, [&]<class T>(T* /*type*/) {
    constexpr int size = ptx::Vector<T>::size;
    const ChannelTiles tiles = channel_tiles(operation.shape, size);
    if (!all_aligned({x, y}, sizeof(T)) || !all_aligned({scale, shift, mean, variance, workspace}, sizeof(float)))
      throw Error("an array of a batch norm begins between elements of its type");
    const bool aligned = all_aligned({x, y, scale, shift, mean, variance}, 16) && tiles.channels % size == 0;
    const auto* const from = static_cast<const T*>(x);
    launch<batch_statistics_kernel<T>>(
        stream,
        {.grid = tiles.grid(), .block = channel_threads, .shared_bytes = sizeof(Shared<size>)},
        from,
        workspace,
        tiles,
        aligned);
    const auto blocks = static_cast<unsigned>((tiles.channels + columns_of_block - 1) / columns_of_block);
    launch<combine_statistics_kernel>(stream,
                                      {.grid = blocks, .block = channel_threads, .shared_bytes = sizeof(CombineShared)},
                                      workspace,
                                      mean,
                                      variance,
                                      tiles);
    launch<batch_normalise_kernel<T>>(stream,
                                      {.grid = tiles.grid(), .block = channel_threads},
                                      from,
                                      mean,
                                      variance,
                                      scale,
                                      shift,
                                      static_cast<T*>(y),
                                      static_cast<float>(operation.epsilon),
                                      operation.relu,
                                      tiles,
                                      aligned);
  });
}

}  // namespace gpubench::cuda
