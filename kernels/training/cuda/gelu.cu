#include <algorithm>
#include <cstdint>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "kernels/training/cuda/dispatch.cuh"
#include "kernels/training/cuda/gelu.cuh"
#include "kernels/training/cuda/gelu.hpp"

namespace gpubench::cuda {
namespace {

// Bound by the memory: each array is read or written once. The exponential and the reciprocal are the approximate ones
// so that the arithmetic of a 16-bit type does not become the longer part.
constexpr int threads = 256;
constexpr int vectors_each = 2;  // loads of each array under way in a thread

template <class Pass, class T>
__global__ __launch_bounds__(threads) void gelu_kernel(
    const T* x, const T* dy, T* to, std::int64_t count, bool aligned) {
  constexpr int width = ptx::Vector<T>::size;
  const std::int64_t first = (std::int64_t{blockIdx.x} * threads * vectors_each + threadIdx.x) * width;
  ptx::Vector<T> from_x[vectors_each], from_dy[vectors_each];
#pragma unroll
  for (int i = 0; i < vectors_each; ++i) {
    const std::int64_t at = first + std::int64_t{i} * threads * width;
    if (at >= count) continue;
    from_x[i] = load_part(x + at, count - at, aligned);
    if constexpr (Pass::inputs == 2) from_dy[i] = load_part(dy + at, count - at, aligned);
  }
#pragma unroll
  for (int i = 0; i < vectors_each; ++i) {
    const std::int64_t at = first + std::int64_t{i} * threads * width;
    if (at >= count) continue;
    ptx::Vector<T> result;
#pragma unroll
    for (int k = 0; k < width; ++k) {
      const float gradient = Pass::inputs == 2 ? to_float(from_dy[i].at[k]) : 0.0F;
      result.at[k] = from_float<T>(Pass::at(to_float(from_x[i].at[k]), gradient));
    }
    store_part(to + at, result, count - at, aligned);
  }
}

template <class Pass>
void enqueue(Stream stream, training::Type type, const void* x, const void* dy, void* to, std::int64_t count) {
  if (count < 0) throw Error("a GELU has a negative number of elements");
  with_type(type, [&]<class T>(T* /*type*/) {
    if (!all_aligned({x, dy, to}, sizeof(T))) throw Error("an array of a GELU begins between elements of its type");
    constexpr std::int64_t each = std::int64_t{threads} * vectors_each * ptx::Vector<T>::size;
    const auto blocks = static_cast<unsigned>((count + each - 1) / each);
    if (blocks == 0) return;
    launch<gelu_kernel<Pass, T>>(stream,
                                 {.grid = blocks, .block = threads},
                                 static_cast<const T*>(x),
                                 static_cast<const T*>(dy),
                                 static_cast<T*>(to),
                                 count,
                                 all_aligned({x, dy, to}, 16));
  });
}

}  // namespace

void gelu_forward(Stream stream, training::Type type, const void* x, void* y, std::int64_t count) {
  enqueue<GeluForward>(stream, type, x, nullptr, y, count);
}

void gelu_backward(Stream stream, training::Type type, const void* x, const void* dy, void* dx, std::int64_t count) {
  enqueue<GeluBackward>(stream, type, x, dy, dx, count);
}

}  // namespace gpubench::cuda
