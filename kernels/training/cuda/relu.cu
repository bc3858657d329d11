#include "harness/core/error.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "kernels/training/cuda/dispatch.cuh"
#include "kernels/training/cuda/relu.hpp"

namespace gpubench::cuda {
namespace {

// Bound by the memory: two arrays are read once and one is written once.
constexpr int threads = 256;
constexpr int vectors_each = 2;  // loads of each array under way in a thread

struct AddRelu {
  __device__ static float at(float a, float b) { return a + b < 0 ? 0.0F : a + b; }
};

struct Backward {
  __device__ static float at(float y, float dy) { return y > 0 ? dy : 0.0F; }
};

template <class Pass, class T>
__global__ __launch_bounds__(threads) void relu_kernel(
    const T* first, const T* second, T* to, std::int64_t count, bool aligned) {
  constexpr int size = ptx::Vector<T>::size;
  const std::int64_t begin = (std::int64_t{blockIdx.x} * threads * vectors_each + threadIdx.x) * size;
  ptx::Vector<T> a[vectors_each], b[vectors_each];
#pragma unroll
  for (int i = 0; i < vectors_each; ++i) {
    const std::int64_t at = begin + std::int64_t{i} * threads * size;
    if (at >= count) continue;
    a[i] = load_part(first + at, count - at, aligned);
    b[i] = load_part(second + at, count - at, aligned);
  }
#pragma unroll
  for (int i = 0; i < vectors_each; ++i) {
    const std::int64_t at = begin + std::int64_t{i} * threads * size;
    if (at >= count) continue;
    ptx::Vector<T> result;
#pragma unroll
    for (int k = 0; k < size; ++k) result.at[k] = from_float<T>(Pass::at(to_float(a[i].at[k]), to_float(b[i].at[k])));
    store_part(to + at, result, count - at, aligned);
  }
}

template <class Pass>
void enqueue(Stream stream, training::Type type, const void* first, const void* second, void* to, std::int64_t count) {
  if (count < 0) throw Error("a ReLU has a negative number of elements");
  with_type(type, [&]<class T>(T* /*type*/) {
    if (!all_aligned({first, second, to}, sizeof(T)))
      throw Error("an array of a ReLU begins between elements of its type");
    constexpr std::int64_t each = std::int64_t{threads} * vectors_each * ptx::Vector<T>::size;
    const auto blocks = static_cast<unsigned>((count + each - 1) / each);
    if (blocks == 0) return;
    launch<relu_kernel<Pass, T>>(stream,
                                 {.grid = blocks, .block = threads},
                                 static_cast<const T*>(first),
                                 static_cast<const T*>(second),
                                 static_cast<T*>(to),
                                 count,
                                 all_aligned({first, second, to}, 16));
  });
}

}  // namespace

void add_relu_forward(Stream stream, training::Type type, const void* a, const void* b, void* y, std::int64_t count) {
  enqueue<AddRelu>(stream, type, a, b, y, count);
}

void relu_backward(Stream stream, training::Type type, const void* y, const void* dy, void* dx, std::int64_t count) {
  enqueue<Backward>(stream, type, y, dy, dx, count);
}

}  // namespace gpubench::cuda
