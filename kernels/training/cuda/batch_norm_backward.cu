#include <cstdint>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "harness/devices/cuda/ptx/barrier.cuh"
#include "harness/devices/cuda/ptx/shared.cuh"
#include "kernels/training/cuda/batch_norm.hpp"
#include "kernels/training/cuda/channel_tiles.cuh"
#include "kernels/training/cuda/column_sums.hpp"
#include "kernels/training/cuda/dispatch.cuh"
#include "kernels/training/cuda/parameters.cuh"

namespace gpubench::cuda {
namespace {

// With g = dy where the ReLU let y through and h = (x - mean) / sqrt(variance + epsilon): dshift = sum g, dscale = sum
// g h, dx = scale / sqrt(variance + epsilon) * (g - dshift / N - h * dscale / N). Bound by the memory: x, dy and, with
// ReLU, y are read twice, as the sums over all of them come before the first dx, which is written once.
constexpr int rows_at_once = 2;  // of two or three arrays: loads under way in a thread

/// The rows of a thread, some at a time: `visit(row, x, g)` with vectors of FP32 numbers.
template <class T, class Visit>
__device__ __forceinline__ void each_row(const T* x,
                                         const T* y,
                                         const T* dy,
                                         const ChannelTiles& tiles,
                                         const ChannelPart& part,
                                         bool aligned,
                                         const Visit& visit) {
  constexpr int size = ptx::Vector<T>::size;
  for (std::int64_t row = part.begin + part.slot; row < part.end; row += tiles.down * rows_at_once) {
    ptx::Vector<T> from_x[rows_at_once], from_y[rows_at_once], from_dy[rows_at_once];
#pragma unroll
    for (int i = 0; i < rows_at_once; ++i) {
      const std::int64_t at = row + i * tiles.down;
      if (at >= part.end) continue;
      const std::int64_t element = at * tiles.channels + part.channel;
      from_x[i] = load_part(x + element, part.there, aligned);
      from_dy[i] = load_part(dy + element, part.there, aligned);
      if (y != nullptr) from_y[i] = load_part(y + element, part.there, aligned);
    }
#pragma unroll
    for (int i = 0; i < rows_at_once; ++i) {
      const std::int64_t at = row + i * tiles.down;
      if (at >= part.end) continue;
      Floats<size> value, g;
#pragma unroll
      for (int k = 0; k < size; ++k) {
        value.at[k] = to_float(from_x[i].at[k]);
        g.at[k] = y == nullptr || to_float(from_y[i].at[k]) > 0 ? to_float(from_dy[i].at[k]) : 0.0F;
      }
      visit(at, value, g);
    }
  }
}

template <int size>
struct Shared {
  ChannelColumns<size> sums[2];
};

/// parts: {2, slabs, channels}, dscale and dshift of each slab
template <class T>
__global__ __launch_bounds__(channel_threads) void batch_norm_sums_kernel(const T* x,
                                                                          const T* y,
                                                                          const T* dy,
                                                                          const float* means,
                                                                          const float* variances,
                                                                          float* parts,
                                                                          float epsilon,
                                                                          ChannelTiles tiles,
                                                                          bool aligned) {
  constexpr int size = ptx::Vector<T>::size;
  auto& shared = ptx::shared_memory<Shared<size>>();
  const ChannelPart part = channel_part<size>(tiles);
  Floats<size> dscale, dshift;
  if (part.there > 0) {
    const auto mean = load_floats<size>(means + part.channel, part.there, aligned);
    const auto variance = load_floats<size>(variances + part.channel, part.there, aligned);
    each_row(x, y, dy, tiles, part, aligned, [&](std::int64_t, const Floats<size>& from, const Floats<size>& g) {
#pragma unroll
      for (int k = 0; k < size; ++k) {
        dscale.at[k] += g.at[k] * (from.at[k] - mean.at[k]);
        dshift.at[k] += g.at[k];
      }
    });
#pragma unroll
    for (int k = 0; k < size; ++k) dscale.at[k] *= ptx::rsqrt(variance.at[k] + epsilon);
  }
  if (part.slot < tiles.down) {
#pragma unroll
    for (int k = 0; k < size; ++k) {
      shared.sums[0].at(tiles, part.slot, part.column + k) = dscale.at[k];
      shared.sums[1].at(tiles, part.slot, part.column + k) = dshift.at[k];
    }
  }
  ptx::bar_sync();
  const int column = static_cast<int>(threadIdx.x);
  const std::int64_t channel = std::int64_t{blockIdx.x} * tiles.across * size + column;
  if (column >= tiles.across * size || channel >= tiles.channels) return;
#pragma unroll
  for (int which = 0; which < 2; ++which) {
    float sum = 0;
    for (int slot = 0; slot < tiles.down; ++slot) sum += shared.sums[which].at(tiles, slot, column);
    parts[(which * tiles.slabs + blockIdx.y) * tiles.channels + channel] = sum;
  }
}

template <class T>
__global__ __launch_bounds__(channel_threads) void batch_norm_dx_kernel(const T* x,
                                                                        const T* y,
                                                                        const T* dy,
                                                                        const float* means,
                                                                        const float* variances,
                                                                        const float* scale,
                                                                        const float* dscales,
                                                                        const float* dshifts,
                                                                        T* dx,
                                                                        float epsilon,
                                                                        ChannelTiles tiles,
                                                                        bool aligned) {
  constexpr int size = ptx::Vector<T>::size;
  const ChannelPart part = channel_part<size>(tiles);
  if (part.there <= 0) return;
  const auto mean = load_floats<size>(means + part.channel, part.there, aligned);
  const auto variance = load_floats<size>(variances + part.channel, part.there, aligned);
  auto factor = load_floats<size>(scale + part.channel, part.there, aligned);
  auto mean_of_gh = load_floats<size>(dscales + part.channel, part.there, aligned);
  auto mean_of_g = load_floats<size>(dshifts + part.channel, part.there, aligned);
  const float share = 1.0F / static_cast<float>(tiles.rows);
#pragma unroll
  for (int k = 0; k < size; ++k) {
    const float inverse = ptx::rsqrt(variance.at[k] + epsilon);
    factor.at[k] *= inverse;
    mean_of_gh.at[k] *= share * inverse;  // the other factor of h's, too
    mean_of_g.at[k] *= share;
  }
  each_row(x, y, dy, tiles, part, aligned, [&](std::int64_t row, const Floats<size>& from, const Floats<size>& g) {
    ptx::Vector<T> result;
#pragma unroll
    for (int k = 0; k < size; ++k)
      result.at[k] =
          from_float<T>(factor.at[k] * (g.at[k] - mean_of_g.at[k] - (from.at[k] - mean.at[k]) * mean_of_gh.at[k]));
    store_part(dx + row * tiles.channels + part.channel, result, part.there, aligned);
  });
}

}  // namespace

std::size_t batch_norm_backward_workspace(const training::BatchNormBackward& operation) {
  return bytes_of_two_sums(operation.shape, operation.type);
}

void batch_norm_backward(Stream stream,
                         const training::BatchNormBackward& operation,
                         const void* x,
                         const void* y,
                         const float* mean,
                         const float* variance,
                         const float* scale,
                         const void* dy,
                         void* dx,
                         float* dscale,
                         float* dshift,
                         float* workspace) {
  if (!(operation.epsilon > 0)) throw Error("a batch norm's epsilon is not positive");
  with_type(operation.type, [&]<class T>(T* /*type*/) {
    constexpr int size = ptx::Vector<T>::size;
    const ChannelTiles tiles = channel_tiles(operation.shape, size);
    if (!all_aligned({x, y, dy, dx}, sizeof(T)) ||
        !all_aligned({mean, variance, scale, dscale, dshift, workspace}, sizeof(float)))
      throw Error("an array of a batch norm begins between elements of its type");
    const bool aligned =
        all_aligned({x, y, dy, dx, mean, variance, scale, dscale, dshift}, 16) && tiles.channels % size == 0;
    const auto *const from_x = static_cast<const T*>(x), *const from_dy = static_cast<const T*>(dy);
    const auto* const from_y = operation.relu ? static_cast<const T*>(y) : nullptr;
    const auto epsilon = static_cast<float>(operation.epsilon);
    launch<batch_norm_sums_kernel<T>>(
        stream,
        {.grid = tiles.grid(), .block = channel_threads, .shared_bytes = sizeof(Shared<size>)},
        from_x,
        from_y,
        from_dy,
        mean,
        variance,
        workspace,
        epsilon,
        tiles,
        aligned);
    add_parts(stream, workspace, tiles.slabs, tiles.channels, dscale, dshift);
    launch<batch_norm_dx_kernel<T>>(stream,
                                    {.grid = tiles.grid(), .block = channel_threads},
                                    from_x,
                                    from_y,
                                    from_dy,
                                    mean,
                                    variance,
                                    scale,
                                    dscale,
                                    dshift,
                                    static_cast<T*>(dx),
                                    epsilon,
                                    tiles,
                                    aligned);
  });
}

}  // namespace gpubench::cuda
