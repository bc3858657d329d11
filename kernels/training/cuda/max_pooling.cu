#include <algorithm>
#include <cstdint>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "kernels/training/cuda/dispatch.cuh"
#include "kernels/training/cuda/parameters.cuh"
#include "kernels/training/cuda/pooling.hpp"

namespace gpubench::cuda {
namespace {

// Bound by the memory: forward reads x and writes y with one byte an element beside it, backward reads those and writes
// dx. Windows that overlap read an element again, from the caches. A thread has one vector of channels at one place of
// the image; the blocks of a grid's x have one row of the image each, those of its y parts of it, so that a thread
// divides once, in 32 bits.
constexpr int threads = 256;

/// A PoolShape in what a kernel computes with.
struct Pool {
  int channels, height, width, out_height, out_width, kernel, stride, padding;
};

/// Choices of as many elements as a vector has.
template <int size>
struct alignas(size) Choices {
  std::uint8_t at[size];
};

template <int size>
__device__ __forceinline__ Choices<size> load_choices(const std::uint8_t* from, int there, bool aligned) {
  if (aligned && there >= size) return *reinterpret_cast<const Choices<size>*>(from);
  Choices<size> choices;
#pragma unroll
  for (int k = 0; k < size; ++k) choices.at[k] = k < there ? from[k] : std::uint8_t{0};
  return choices;
}

template <int size>
__device__ __forceinline__ void store_choices(std::uint8_t* to, const Choices<size>& choices, int there, bool aligned) {
  if (aligned && there >= size) {
    *reinterpret_cast<Choices<size>*>(to) = choices;
    return;
  }
#pragma unroll
  for (int k = 0; k < size; ++k)
    if (k < there) to[k] = choices.at[k];
}

template <class T>
__global__ __launch_bounds__(threads) void max_pool_forward_kernel(
    const T* x, T* y, std::uint8_t* argmax, Pool pool, bool aligned) {
  constexpr int size = ptx::Vector<T>::size;
  const unsigned vectors = (static_cast<unsigned>(pool.channels) + size - 1) / size;
  const unsigned item = blockIdx.y * threads + threadIdx.x;
  const int q = static_cast<int>(item / vectors), channel = static_cast<int>(item % vectors) * size;
  if (q >= pool.out_width) return;
  const auto out_height = static_cast<unsigned>(pool.out_height);
  const int p = static_cast<int>(blockIdx.x % out_height);
  const T* const image = x + std::int64_t{blockIdx.x / out_height} * pool.height * pool.width * pool.channels + channel;
  const int there = pool.channels - channel;

  Floats<size> best;
  Choices<size> choices{};
  bool first = true;
  for (int r = 0; r < pool.kernel; ++r) {
    const int h = p * pool.stride + r - pool.padding;
    if (h < 0 || h >= pool.height) continue;
    for (int s = 0; s < pool.kernel; ++s) {
      const int w = q * pool.stride + s - pool.padding;
      if (w < 0 || w >= pool.width) continue;
      const T* const from = image + (std::int64_t{h} * pool.width + w) * pool.channels;
      const ptx::Vector<T> part = aligned ? ptx::ld_vector(from) : load_part(from, there, false);
#pragma unroll
      for (int k = 0; k < size; ++k) {
        const float value = to_float(part.at[k]);
        if (!first && !(value > best.at[k]) && value == value) continue;  // a NaN wins, and is not beaten
        best.at[k] = value;
        choices.at[k] = static_cast<std::uint8_t>(r * pool.kernel + s);
      }
      first = false;
    }
  }
  const std::int64_t to = (std::int64_t{blockIdx.x} * pool.out_width + q) * pool.channels + channel;
  ptx::Vector<T> result;
#pragma unroll
  for (int k = 0; k < size; ++k) result.at[k] = from_float<T>(best.at[k]);
  store_part(y + to, result, there, aligned);
  store_choices(argmax + to, choices, there, aligned);
}

template <class T>
__global__ __launch_bounds__(threads) void max_pool_backward_kernel(
    const std::uint8_t* argmax, const T* dy, T* dx, Pool pool, bool aligned) {
  constexpr int size = ptx::Vector<T>::size;
  const unsigned vectors = (static_cast<unsigned>(pool.channels) + size - 1) / size;
  const unsigned item = blockIdx.y * threads + threadIdx.x;
  const int w = static_cast<int>(item / vectors), channel = static_cast<int>(item % vectors) * size;
  if (w >= pool.width) return;
  const auto height = static_cast<unsigned>(pool.height);
  const int h = static_cast<int>(blockIdx.x % height);
  const std::int64_t image =
      std::int64_t{blockIdx.x / height} * pool.out_height * pool.out_width * pool.channels + channel;
  const int there = pool.channels - channel;

  // The windows that reach this place are those of p and q from the first that ends behind it to the last that begins
  // before it; each element sums them in their order.
  const int row = h + pool.padding, column = w + pool.padding;
  const int first_p = row < pool.kernel ? 0 : (row - pool.kernel) / pool.stride + 1;
  const int first_q = column < pool.kernel ? 0 : (column - pool.kernel) / pool.stride + 1;
  Floats<size> sum;
  for (int p = first_p; p < pool.out_height && p * pool.stride <= row; ++p)
    for (int q = first_q; q < pool.out_width && q * pool.stride <= column; ++q) {
      const int choice = (row - p * pool.stride) * pool.kernel + column - q * pool.stride;
      const std::int64_t from = image + (std::int64_t{p} * pool.out_width + q) * pool.channels;
      const auto choices = load_choices<size>(argmax + from, there, aligned);
      const ptx::Vector<T> part = aligned ? ptx::ld_vector(dy + from) : load_part(dy + from, there, false);
#pragma unroll
      for (int k = 0; k < size; ++k)
        if (choices.at[k] == choice) sum.at[k] += to_float(part.at[k]);
    }
  ptx::Vector<T> result;
#pragma unroll
  for (int k = 0; k < size; ++k) result.at[k] = from_float<T>(sum.at[k]);
  store_part(dx + (std::int64_t{blockIdx.x} * pool.width + w) * pool.channels + channel, result, there, aligned);
}

Pool checked(const training::PoolShape& s) {
  const std::int64_t limit = std::int64_t{1} << 24;  // an item of a row is counted in 32 bits
  if (std::min({s.batch, s.channels, s.height, s.width, s.kernel, s.stride, s.padding + 1}) < 1 ||
      std::max({s.height, s.width}) + 2 * s.padding < s.kernel || s.out_height() < 1 || s.out_width() < 1 ||
      std::max({s.channels, s.height, s.width, s.stride}) > limit || s.channels * s.width > limit)
    throw Error("a max pooling has a size that it cannot have");
  if (s.kernel * s.kernel > 255) throw Error("a window of max pooling has more than 255 elements");
  if (s.padding >= s.kernel) throw Error("a window of max pooling may lie in the padding altogether");
  const auto narrow = [](std::int64_t value) { return static_cast<int>(value); };
  return {.channels = narrow(s.channels),
          .height = narrow(s.height),
          .width = narrow(s.width),
          .out_height = narrow(s.out_height()),
          .out_width = narrow(s.out_width()),
          .kernel = narrow(s.kernel),
          .stride = narrow(s.stride),
          .padding = narrow(s.padding)};
}

/// A block for each row, of `width` places, and part of it.
template <class T>
dim3 grid(std::int64_t rows, std::int64_t width, std::int64_t channels) {
  const std::int64_t items = width * ((channels + ptx::Vector<T>::size - 1) / ptx::Vector<T>::size);
  return {static_cast<unsigned>(rows), static_cast<unsigned>((items + threads - 1) / threads), 1};
}

template <class T>
bool aligned(std::initializer_list<const void*> images, const std::uint8_t* argmax, std::int64_t channels) {
  if (!all_aligned(images, sizeof(T))) throw Error("an array of a max pooling begins between elements of its type");
  if (!all_aligned({argmax}, 8)) throw Error("an argmax of max pooling does not begin at a multiple of 8 bytes");
  return all_aligned(images, 16) && channels % ptx::Vector<T>::size == 0;
}

}  // namespace

std::size_t max_pool_argmax_bytes(const training::PoolShape& shape) {
  checked(shape);
  return static_cast<std::size_t>(training::elements(shape.y()));
}

void max_pool_forward(
    Stream stream, const training::MaxPoolForward& operation, const void* x, void* y, std::uint8_t* argmax) {
  const training::PoolShape& s = operation.shape;
  const Pool pool = checked(s);
  with_type(operation.type, [&]<class T>(T* /*type*/) {
    launch<max_pool_forward_kernel<T>>(
        stream,
        {.grid = grid<T>(s.batch * s.out_height(), s.out_width(), s.channels), .block = threads},
        static_cast<const T*>(x),
        static_cast<T*>(y),
        argmax,
        pool,
        aligned<T>({x, y}, argmax, s.channels));
  });
}

void max_pool_backward(
    Stream stream, const training::MaxPoolBackward& operation, const std::uint8_t* argmax, const void* dy, void* dx) {
  const training::PoolShape& s = operation.shape;
  const Pool pool = checked(s);
  with_type(operation.type, [&]<class T>(T* /*type*/) {
    launch<max_pool_backward_kernel<T>>(stream,
                                        {.grid = grid<T>(s.batch * s.height, s.width, s.channels), .block = threads},
                                        argmax,
                                        static_cast<const T*>(dy),
                                        static_cast<T*>(dx),
                                        pool,
                                        aligned<T>({dy, dx}, argmax, s.channels));
  });
}

}  // namespace gpubench::cuda
