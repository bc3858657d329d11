#include <algorithm>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "kernels/gemm/cuda/epilogue.cuh"
#include "kernels/gemm/cuda/parts.hpp"

namespace gpubench::cuda {
namespace {

constexpr int threads = 256, width = 4;

/// A thread has four numbers of a row.
template <class Out>
__global__ __launch_bounds__(threads) void add_parts_kernel(
    const float* parts, int count, int m, int n, bool aligned, TileEpilogue<Out> epilogue) {
  const int across = (n + width - 1) / width;
  const std::int64_t place = std::int64_t{blockIdx.x} * threads + threadIdx.x;
  if (place >= std::int64_t{m} * across) return;
  const int row = static_cast<int>(place / across), column = static_cast<int>(place % across) * width;
  const int there = n - column;
  float sums[width] = {};
  const float* from = parts + std::int64_t{row} * n + column;
  for (int part = 0; part < count; ++part, from += std::int64_t{m} * n) {
    const auto some = load_part(from, there, aligned);
#pragma unroll
    for (int i = 0; i < width; ++i) sums[i] += some.at[i];
  }
  constexpr int bytes = width * sizeof(Out);
  ptx::Vector<Out, bytes> kept, value;
#pragma unroll
  for (int i = 0; i < width; ++i) {
    const float x = i < there ? before_activation(epilogue, sums[i], row, column + i) : 0.0F;
    kept.at[i] = from_float<Out>(x);
    value.at[i] = from_float<Out>(activated(epilogue.activation, x));
  }
  const std::int64_t to = row * epilogue.pitch + column;
  const auto store = [&](Out* first, const ptx::Vector<Out, bytes>& four) {
    store_part(first, four, there, reinterpret_cast<std::uintptr_t>(first) % bytes == 0);
  };
  if (epilogue.aux) store(epilogue.aux + to, kept);
  store(epilogue.c + to, value);
}

}  // namespace

void add_parts(Stream stream, const Product& product, const float* parts, int count) {
  if (product.m == 0 || product.n == 0) return;
  const std::int64_t fours = product.m * ((product.n + width - 1) / width);
  const auto blocks = (fours + threads - 1) / threads;
  if (blocks >= std::int64_t{1} << 31) throw Error("a product has more elements than one launch adds");
  const auto enqueue = [&]<class Out>(Out* /*type*/) {
    launch<add_parts_kernel<Out>>(stream,
                                  {.grid = static_cast<unsigned>(blocks), .block = threads},
                                  parts,
                                  count,
                                  static_cast<int>(product.m),
                                  static_cast<int>(product.n),
                                  product.n % width == 0 && all_aligned({parts}, 16),
                                  epilogue_of<Out>(product));
  };
  switch (result_format(product.format)) {
    case Precision::fp16: return enqueue(static_cast<__half*>(nullptr));
    case Precision::bf16: return enqueue(static_cast<__nv_bfloat16*>(nullptr));
    default: return enqueue(static_cast<float*>(nullptr));
  }
}

}  // namespace gpubench::cuda
