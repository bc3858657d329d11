#include <algorithm>
#include <cstdint>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "harness/devices/cuda/ptx/shared.cuh"
#include "kernels/training/cuda/block_reduce.cuh"
#include "kernels/training/cuda/column_sums.hpp"
#include "kernels/training/cuda/dispatch.cuh"
#include "kernels/training/cuda/layer_norm.hpp"
#include "kernels/training/cuda/parameters.cuh"

namespace gpubench::cuda {
namespace {

// Bound by the memory: x and dy are read once and dx is written once. A thread has the same columns in every row of its
// block, and keeps their parts of dscale and dshift in registers until its rows are through. Up to 1024 columns a row
// is a warp's, beyond a block's.
constexpr int narrow_threads = 128, narrow_elements = 32;
constexpr int narrow_widest = 32 * narrow_elements;
constexpr int wide_elements = 16;
constexpr int most_blocks = 264;  // two for each multiprocessor of an H100; more would only leave more parts

/// The sums over the rows of each warp, where those of a block are several warps'.
template <bool narrow>
struct WarpSums {
  float of[narrow_threads / 32][2][narrow_widest];
};
template <>
struct WarpSums<false> {};

template <int row_threads>
struct Shared {
  WarpParts<row_threads, 2> parts;
  WarpSums<row_threads == 32> sums;
};

template <class T, int row_threads, int threads, int elements_each>
__global__ __launch_bounds__(threads) void layer_norm_backward_kernel(const T* x,
                                                                      const float* means,
                                                                      const float* variances,
                                                                      const float* scale,
                                                                      const T* dy,
                                                                      T* dx,
                                                                      float* parts,
                                                                      std::int64_t rows,
                                                                      int width,
                                                                      float epsilon,
                                                                      bool aligned) {
  constexpr int size = ptx::Vector<T>::size, vectors = elements_each / size, groups = threads / row_threads;
  auto& shared = ptx::shared_memory<Shared<row_threads>>();
  const int index = static_cast<int>(threadIdx.x) % row_threads, group = static_cast<int>(threadIdx.x) / row_threads;
  const float share = 1.0F / static_cast<float>(width);
  Floats<size> dscale[vectors], dshift[vectors];

  for (std::int64_t row = std::int64_t{blockIdx.x} * groups + group; row < rows;
       row += std::int64_t{gridDim.x} * groups) {
    ptx::Vector<T> from_x[vectors], from_dy[vectors];
#pragma unroll
    for (int i = 0; i < vectors; ++i) {
      const int at = (i * row_threads + index) * size;
      from_x[i] = load_part(x + row * width + at, width - at, aligned);
      from_dy[i] = load_part(dy + row * width + at, width - at, aligned);  // zeros behind the end: they add nothing
    }
    const float mean = means[row], inverse = ptx::rsqrt(variances[row] + epsilon);
    float sums[2] = {};  // of g = dy * scale, and of g * h with h = (x - mean) * inverse
#pragma unroll
    for (int i = 0; i < vectors; ++i) {
      const int at = (i * row_threads + index) * size;
      const auto gain = load_floats<size>(scale + at, width - at, aligned);
#pragma unroll
      for (int k = 0; k < size; ++k) {
        const float h = (to_float(from_x[i].at[k]) - mean) * inverse, gradient = to_float(from_dy[i].at[k]);
        const float g = gradient * gain.at[k];
        sums[0] += g;
        sums[1] += g * h;
        dscale[i].at[k] += gradient * h;
        dshift[i].at[k] += gradient;
      }
    }
    block_sum<row_threads>(sums, shared.parts);
    const float mean_of_g = sums[0] * share, mean_of_gh = sums[1] * share;
#pragma unroll
    for (int i = 0; i < vectors; ++i) {
      const int at = (i * row_threads + index) * size;
      if (at >= width) break;
      const auto gain = load_floats<size>(scale + at, width - at, aligned);
      ptx::Vector<T> result;
#pragma unroll
      for (int k = 0; k < size; ++k) {
        const float h = (to_float(from_x[i].at[k]) - mean) * inverse;
        const float g = to_float(from_dy[i].at[k]) * gain.at[k];
        result.at[k] = from_float<T>(inverse * (g - mean_of_g - h * mean_of_gh));
      }
      store_part(dx + row * width + at, result, width - at, aligned);
    }
  }

  float* const to_dscale = parts + std::int64_t{blockIdx.x} * width;
  float* const to_dshift = to_dscale + std::int64_t{gridDim.x} * width;
#pragma unroll
  for (int i = 0; i < vectors; ++i) {
    const int at = (i * row_threads + index) * size;
    if (at >= width) break;
    if constexpr (row_threads == 32) {
#pragma unroll
      for (int k = 0; k < size; ++k) {
        shared.sums.of[group][0][at + k] = dscale[i].at[k];
        shared.sums.of[group][1][at + k] = dshift[i].at[k];
      }
    } else {
      store_floats(to_dscale + at, dscale[i], width - at, aligned);
      store_floats(to_dshift + at, dshift[i], width - at, aligned);
    }
  }
  if constexpr (row_threads == 32) {
    ptx::bar_sync();
    for (int column = static_cast<int>(threadIdx.x); column < width; column += threads) {
      float sums[2] = {};
#pragma unroll
      for (int warp = 0; warp < groups; ++warp)
#pragma unroll
        for (int which = 0; which < 2; ++which) sums[which] += shared.sums.of[warp][which][column];
      to_dscale[column] = sums[0];
      to_dshift[column] = sums[1];
    }
  }
}

/// How many blocks share the rows: the same on every GPU, so that the sums are too.
std::int64_t blocks(const training::LayerNormBackward& operation) {
  const std::int64_t rows_of_block = operation.width <= narrow_widest ? narrow_threads / 32 : 1;
  return std::min<std::int64_t>((operation.rows + rows_of_block - 1) / rows_of_block, most_blocks);
}

}  // namespace

std::size_t layer_norm_backward_workspace(const training::LayerNormBackward& operation) {
  return sizeof(float) * 2 * static_cast<std::size_t>(blocks(operation) * operation.width);
}

void layer_norm_backward(Stream stream,
                         const training::LayerNormBackward& operation,
                         const void* x,
                         const float* mean,
                         const float* variance,
                         const float* scale,
                         const void* dy,
                         void* dx,
                         float* dscale,
                         float* dshift,
                         float* workspace) {
  const auto [rows, width, type, epsilon] = operation;
  if (rows < 1 || width < 1) throw Error("a layer norm has no rows or no columns");
  if (width > widest_layer_norm)
    throw Unsupported("a row of " + std::to_string(width) + " elements: a layer norm has up to " +
                      std::to_string(widest_layer_norm));
  if (!(epsilon > 0)) throw Error("a layer norm's epsilon is not positive");
  const std::int64_t count = blocks(operation);
  with_type(type, [&, rows = rows, width = width, epsilon = epsilon]<class T>(T* /*type*/) {
    if (!all_aligned({x, dy, dx}, sizeof(T)) || !all_aligned({mean, variance, scale, dscale, dshift}, sizeof(float)) ||
        !all_aligned({workspace}, 16))
      throw Error("an array of a layer norm begins between elements of its type");
    const auto enqueue = [&]<int row_threads, int threads, int elements_each>() {
      launch<layer_norm_backward_kernel<T, row_threads, threads, elements_each>>(
          stream,
          {.grid = static_cast<unsigned>(count), .block = threads, .shared_bytes = sizeof(Shared<row_threads>)},
          static_cast<const T*>(x),
          mean,
          variance,
          scale,
          static_cast<const T*>(dy),
          static_cast<T*>(dx),
          workspace,
          rows,
          static_cast<int>(width),
          static_cast<float>(epsilon),
          all_aligned({x, dy, dx, scale}, 16) && width % ptx::Vector<T>::size == 0);
    };
    if (width <= narrow_widest)
      enqueue.template operator()<32, narrow_threads, narrow_elements>();
    else if (width <= 256 * wide_elements)
      enqueue.template operator()<256, 256, wide_elements>();
    else
      enqueue.template operator()<512, 512, wide_elements>();
  });
  add_parts(stream, workspace, count, width, dscale, dshift);
}

}  // namespace gpubench::cuda
