#include <cstdint>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "harness/devices/cuda/ptx/global.cuh"
#include "kernels/memory/cuda/passes.hpp"

namespace gpubench::cuda {
namespace {

constexpr int threads = 256;
constexpr int vectors_each = 4;  // loads under way at a time in each thread: with fewer the memory is not kept busy

template <MemoryLoop loop>
__device__ float element(float x, float y) {
  switch (loop) {
    case MemoryLoop::copy: return x;
    case MemoryLoop::scale: return 3 * x;
    case MemoryLoop::add: return x + y;
    case MemoryLoop::triad: return x + 3 * y;
  }
  return x;
}

template <MemoryLoop loop>
inline constexpr bool two_arrays = loop == MemoryLoop::add || loop == MemoryLoop::triad;

template <MemoryLoop loop>
__device__ void store_vector(const ptx::Vector<float>& x, const ptx::Vector<float>& y, float* to) {
  ptx::Vector<float> result;
#pragma unroll
  for (int k = 0; k < ptx::Vector<float>::size; ++k) result.at[k] = element<loop>(x.at[k], y.at[k]);
  ptx::st_streaming(to, result);
}

// Bound by the memory: 8 bytes an element are moved for one array, 12 for two.
template <MemoryLoop loop>
__global__ __launch_bounds__(threads) void memory_pass_kernel(const float* x,
                                                              const float* y,
                                                              float* to,
                                                              std::int64_t count) {
  constexpr int width = ptx::Vector<float>::size, apart = threads * width;
  const std::int64_t begin = std::int64_t{blockIdx.x} * apart * vectors_each;
  ptx::Vector<float> from_x[vectors_each], from_y[vectors_each] = {};
  if (begin + apart * vectors_each <= count) {  // all but the last block
    const std::int64_t first = begin + static_cast<int>(threadIdx.x) * width;
#pragma unroll
    for (int i = 0; i < vectors_each; ++i) {
      from_x[i] = ptx::ld_streaming(x + first + i * apart);
      if constexpr (two_arrays<loop>) from_y[i] = ptx::ld_streaming(y + first + i * apart);
    }
#pragma unroll
    for (int i = 0; i < vectors_each; ++i) store_vector<loop>(from_x[i], from_y[i], to + first + i * apart);
    return;
  }
#pragma unroll 1
  for (std::int64_t i = begin + threadIdx.x; i < count; i += threads)
    to[i] = element<loop>(x[i], two_arrays<loop> ? y[i] : 0.0F);
}

template <MemoryLoop loop>
void enqueue(Stream stream, const float* x, const float* y, float* to, std::int64_t count) {
  constexpr std::int64_t each = std::int64_t{threads} * vectors_each * ptx::Vector<float>::size;
  const auto blocks = static_cast<unsigned>((count + each - 1) / each);
  if (blocks > 0) launch<memory_pass_kernel<loop>>(stream, {.grid = blocks, .block = threads}, x, y, to, count);
}

}  // namespace

void memory_pass(Stream stream, MemoryLoop loop, const float* x, const float* y, float* to, std::int64_t count) {
  for (const float* array : {x, y, static_cast<const float*>(to)})
    if (reinterpret_cast<std::uintptr_t>(array) % 16 != 0)
      throw Error("an array of a memory pass does not begin at a multiple of 16 bytes");
  switch (loop) {
    case MemoryLoop::copy: return enqueue<MemoryLoop::copy>(stream, x, y, to, count);
    case MemoryLoop::scale: return enqueue<MemoryLoop::scale>(stream, x, y, to, count);
    case MemoryLoop::add: return enqueue<MemoryLoop::add>(stream, x, y, to, count);
    case MemoryLoop::triad: return enqueue<MemoryLoop::triad>(stream, x, y, to, count);
  }
}

}  // namespace gpubench::cuda
