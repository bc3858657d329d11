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
__global__ __launch_bounds__(threads) void memory_pass_kernel(const float* x,
                                                              const float* y,
                                                              float* to,
                                                              std::int64_t count) {
  constexpr bool two = loop == MemoryLoop::add || loop == MemoryLoop::triad;
  constexpr int width = ptx::Vector<float>::size;
  const std::int64_t vectors = count / width;
  const std::int64_t first = std::int64_t{blockIdx.x} * threads * vectors_each + threadIdx.x;
  ptx::Vector<float> from_x[vectors_each], from_y[vectors_each];
#pragma unroll
  for (int i = 0; i < vectors_each; ++i) {
    const std::int64_t at = (first + i * threads);
    if (at >= vectors) continue;
    from_x[i] = ptx::ld_streaming(x + at * width);
    if constexpr (two) from_y[i] = ptx::ld_streaming(y + at * width);
  }
#pragma unroll
  for (int i = 0; i < vectors_each; ++i) {
    const std::int64_t at = (first + i * threads);
    if (at >= vectors) continue;
    ptx::Vector<float> result;
#pragma unroll
    for (int k = 0; k < width; ++k) result.at[k] = element<loop>(from_x[i].at[k], two ? from_y[i].at[k] : 0.0F);
    ptx::st_streaming(to + at * width, result);
  }
  const std::int64_t rest = vectors * width + threadIdx.x;
  if (blockIdx.x == 0 && rest < count) to[rest] = element<loop>(x[rest], two ? y[rest] : 0.0F);
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
