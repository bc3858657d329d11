#include <algorithm>
#include <cstdint>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "harness/devices/cuda/ptx/barrier.cuh"
#include "harness/devices/cuda/ptx/shared.cuh"
#include "kernels/training/cuda/dispatch.cuh"
#include "kernels/training/cuda/parameters.cuh"
#include "kernels/training/cuda/pooling.hpp"

namespace gpubench::cuda {
namespace {

// Bound by the memory: the image is read, or written, once. A block has one image and 32 vectors of channels side by
// side; its eight warps share the places of the image, or the few channels there are would keep too few loads under
// way.
constexpr int across = 32, down = 8;

template <int size>
struct Shared {
  float sums[down][size][across];
};

template <class T>
__global__ __launch_bounds__(across* down) void average_pool_forward_kernel(
    const T* x, T* y, std::int64_t area, std::int64_t channels, bool aligned) {
  constexpr int size = ptx::Vector<T>::size;
  auto& shared = ptx::shared_memory<Shared<size>>();
  const unsigned lane = threadIdx.x % across, slot = threadIdx.x / across;
  const std::int64_t channel = (std::int64_t{blockIdx.y} * across + lane) * size, there = channels - channel;
  const T* const from = x + blockIdx.x * area * channels + channel;
  Floats<size> sum;
  if (there > 0) {
#pragma unroll 4
    for (std::int64_t i = slot; i < area; i += down) {
      const ptx::Vector<T> part = load_part(from + i * channels, there, aligned);
#pragma unroll
      for (int k = 0; k < size; ++k) sum.at[k] += to_float(part.at[k]);
    }
  }
#pragma unroll
  for (int k = 0; k < size; ++k) shared.sums[slot][k][lane] = sum.at[k];
  ptx::bar_sync();
  if (slot > 0 || there <= 0) return;
  ptx::Vector<T> mean;
#pragma unroll
  for (int k = 0; k < size; ++k) {
#pragma unroll
    for (int other = 1; other < down; ++other) sum.at[k] += shared.sums[other][k][lane];
    mean.at[k] = from_float<T>(sum.at[k] / static_cast<float>(area));
  }
  store_part(y + blockIdx.x * channels + channel, mean, there, aligned);
}

template <class T>
__global__ __launch_bounds__(across* down) void average_pool_backward_kernel(
    const T* dy, T* dx, std::int64_t area, std::int64_t channels, bool aligned) {
  constexpr int size = ptx::Vector<T>::size;
  const unsigned lane = threadIdx.x % across, slot = threadIdx.x / across;
  const std::int64_t channel = (std::int64_t{blockIdx.y} * across + lane) * size, there = channels - channel;
  if (there <= 0) return;
  ptx::Vector<T> share = load_part(dy + blockIdx.x * channels + channel, there, aligned);
#pragma unroll
  for (int k = 0; k < size; ++k) share.at[k] = from_float<T>(to_float(share.at[k]) / static_cast<float>(area));
  T* const to = dx + blockIdx.x * area * channels + channel;
  for (std::int64_t i = slot; i < area; i += down) store_part(to + i * channels, share, there, aligned);
}

/// Calls `enqueue` with a null pointer of the type, the geometry, area, channels, and whether vectors are aligned.
template <class Enqueue>
void enqueue_of(
    const training::Shape& shape, training::Type type, const void* image, const void* means, const Enqueue& enqueue) {
  if (shape.size() != 4 || *std::min_element(shape.begin(), shape.end()) < 1)
    throw Error("an average pooling has a size that it cannot have");
  with_type(type, [&]<class T>(T* null) {
    constexpr int size = ptx::Vector<T>::size;
    if (!all_aligned({image, means}, sizeof(T)))
      throw Error("an array of an average pooling begins between elements of its type");
    const std::int64_t channels = shape[1], columns = std::int64_t{across} * size;
    const Geometry geometry{
        .grid = {static_cast<unsigned>(shape[0]), static_cast<unsigned>((channels + columns - 1) / columns), 1},
        .block = across * down,
        .shared_bytes = sizeof(Shared<size>)};
    enqueue(null, geometry, shape[2] * shape[3], channels, all_aligned({image, means}, 16) && channels % size == 0);
  });
}

}  // namespace

void average_pool_forward(Stream stream, const training::AveragePoolForward& operation, const void* x, void* y) {
  enqueue_of(
      operation.shape,
      operation.type,
      x,
      y,
      [&]<class T>(T* /*type*/, const Geometry& geometry, std::int64_t area, std::int64_t channels, bool aligned) {
        launch<average_pool_forward_kernel<T>>(
            stream, geometry, static_cast<const T*>(x), static_cast<T*>(y), area, channels, aligned);
      });
}

void average_pool_backward(Stream stream, const training::AveragePoolBackward& operation, const void* dy, void* dx) {
  enqueue_of(
      operation.shape,
      operation.type,
      dx,
      dy,
      [&]<class T>(T* /*type*/, const Geometry& geometry, std::int64_t area, std::int64_t channels, bool aligned) {
        launch<average_pool_backward_kernel<T>>(
            stream, geometry, static_cast<const T*>(dy), static_cast<T*>(dx), area, channels, aligned);
      });
}

}  // namespace gpubench::cuda
