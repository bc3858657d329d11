#include <cstdint>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "harness/devices/cuda/ptx/shared.cuh"
#include "kernels/training/cuda/block_reduce.cuh"
#include "kernels/training/cuda/dispatch.cuh"
#include "kernels/training/cuda/layer_norm.hpp"
#include "kernels/training/cuda/parameters.cuh"

namespace gpubench::cuda {
namespace {

// Bound by the memory: x is read once and y written once, 2 elements of the type for each. A row of up to 1024
// elements is a warp's, so that there are no barriers and the rows of a block do not wait for each other; a wider one
// is a block's.
constexpr int elements_each = 32;  // of a row, in registers
constexpr int narrow_threads = 128;
constexpr int wide_threads = 256;
static_assert(wide_threads * elements_each == widest_layer_norm);

template <int row_threads>
struct Shared {
  WarpParts<row_threads, 1> parts;
};

/// @tparam row_threads how many threads have a row: 32, or all of the block
template <class T, int row_threads, int threads>
__global__ __launch_bounds__(threads) void layer_norm_forward_kernel(const T* x,
                                                                     const float* scale,
                                                                     const float* shift,
                                                                     T* y,
                                                                     float* means,
                                                                     float* variances,
                                                                     std::int64_t rows,
                                                                     int width,
                                                                     float epsilon,
                                                                     bool aligned) {
  constexpr int size = ptx::Vector<T>::size, vectors = elements_each / size;
  auto& parts = ptx::shared_memory<Shared<row_threads>>().parts;
  const int index = static_cast<int>(threadIdx.x) % row_threads;
  const std::int64_t row = std::int64_t{blockIdx.x} * (threads / row_threads) + threadIdx.x / row_threads;
  if (row >= rows) return;  // a whole warp, and only where there are no barriers

  ptx::Vector<T> from[vectors];
#pragma unroll
  for (int i = 0; i < vectors; ++i) {
    const int at = (i * row_threads + index) * size;
    from[i] = load_part(x + row * width + at, width - at, aligned);
  }
  // The mean first, then the deviations from it: the mean of squares less the squared mean would cancel.
  const float share = 1.0F / static_cast<float>(width);
  float sum = 0, squares = 0;
#pragma unroll
  for (int i = 0; i < vectors; ++i)
#pragma unroll
    for (int k = 0; k < size; ++k) sum += to_float(from[i].at[k]);
  const float mean = block_sum<row_threads>(sum, parts) * share;
#pragma unroll
  for (int i = 0; i < vectors; ++i) {
    const int there = width - (i * row_threads + index) * size;
#pragma unroll
    for (int k = 0; k < size; ++k) {
      const float deviation = k < there ? to_float(from[i].at[k]) - mean : 0.0F;
      squares += deviation * deviation;
    }
  }
  const float variance = block_sum<row_threads>(squares, parts) * share;
  if (index == 0) {
    means[row] = mean;
    variances[row] = variance;
  }

  const float inverse = ptx::rsqrt(variance + epsilon);
#pragma unroll
  for (int i = 0; i < vectors; ++i) {
    const int at = (i * row_threads + index) * size;
    if (at >= width) break;
    const auto gain = load_floats<size>(scale + at, width - at, aligned);
    const auto offset = load_floats<size>(shift + at, width - at, aligned);
    ptx::Vector<T> result;
#pragma unroll
    for (int k = 0; k < size; ++k)
      result.at[k] = from_float<T>((to_float(from[i].at[k]) - mean) * inverse * gain.at[k] + offset.at[k]);
    store_part(y + row * width + at, result, width - at, aligned);
  }
}

}  // namespace

void layer_norm_forward(Stream stream,
                        const training::LayerNormForward& operation,
                        const void* x,
                        const float* scale,
                        const float* shift,
                        void* y,
                        float* mean,
                        float* variance) {
  const auto [rows, width, type, epsilon] = operation;
  if (rows < 1 || width < 1) throw Error("a layer norm has no rows or no columns");
  if (width > widest_layer_norm)
    throw Unsupported("a row of " + std::to_string(width) + " elements: a layer norm has up to " +
                      std::to_string(widest_layer_norm));
  if (!(epsilon > 0)) throw Error("a layer norm's epsilon is not positive");
  with_type(type, [&, rows = rows, width = width, epsilon = epsilon]<class T>(T* /*type*/) {
    if (!all_aligned({x, y}, sizeof(T)) || !all_aligned({scale, shift, mean, variance}, sizeof(float)))
      throw Error("an array of a layer norm begins between elements of its type");
    const auto enqueue = [&]<int row_threads, int threads>() {
      constexpr int rows_of_block = threads / row_threads;
      launch<layer_norm_forward_kernel<T, row_threads, threads>>(
          stream,
          {.grid = static_cast<unsigned>((rows + rows_of_block - 1) / rows_of_block),
           .block = threads,
           .shared_bytes = sizeof(Shared<row_threads>)},
          static_cast<const T*>(x),
          scale,
          shift,
          static_cast<T*>(y),
          mean,
          variance,
          rows,
          static_cast<int>(width),
          static_cast<float>(epsilon),
          all_aligned({x, scale, shift, y}, 16) && width % ptx::Vector<T>::size == 0);
    };
    if (width <= 32 * elements_each)
      enqueue.template operator()<32, narrow_threads>();
    else
      enqueue.template operator()<wide_threads, wide_threads>();
  });
}

}  // namespace gpubench::cuda
