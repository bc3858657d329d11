#pragma once

#include "harness/devices/cuda/launch.cuh"
#include "kernels/gemm/cuda/order_of.cuh"
#include "kernels/gemm/cuda/product_rules.hpp"
#include "kernels/gemm/cuda/ring.hpp"
#include "kernels/gemm/cuda/ring_kernel.cuh"

namespace gpubench::cuda {

template <class In, class Out, class Shape, Copies copies>
void launch_ring(Stream stream, const Product& product, int parts, float* scratch) {
  const auto width = [&](const Matrix& matrix) {
    for (const int bytes : {16, 4})
      if (rows_at_multiples(matrix, product.format, bytes)) return bytes;
    return static_cast<int>(sizeof(In));
  };
  const RingOperands<In> operands{.a = static_cast<const In*>(product.a.data),
                                  .b = static_cast<const In*>(product.b.data),
                                  .a_pitch = product.a.pitch,
                                  .b_pitch = product.b.pitch,
                                  .m = static_cast<int>(product.m),
                                  .n = static_cast<int>(product.n),
                                  .k = static_cast<int>(product.k),
                                  .a_width = width(product.a),
                                  .b_width = width(product.b)};
  const TileOrder order = order_of(product, {.m = Shape::m, .n = Shape::n}, parts);
  const auto enqueue = [&]<bool a_along_k, bool b_along_k>() {
    launch<ring_gemm_kernel<In, Out, Shape, a_along_k, b_along_k, copies>>(
        stream,
        {.grid = static_cast<unsigned>(order.count()), .block = Shape::threads, .shared_bytes = Shape::shared_bytes},
        operands,
        order,
        epilogue_of<Out>(product),
        takes_vectors(product),
        scratch);
  };
  if (!product.a.transposed && product.b.transposed)
    enqueue.template operator()<true, true>();
  else if (!product.a.transposed)
    enqueue.template operator()<true, false>();
  else if (product.b.transposed)
    enqueue.template operator()<false, true>();
  else
    enqueue.template operator()<false, false>();
}

/// @pre the tile and the product are of the right kind; ring_gemm() looks after that
template <class In, class Out>
void launch_ring(Stream stream, const Product& product, int tile, int parts, float* scratch) {
  if (!ring_takes_vectors(product))
    return launch_ring<In, Out, MiddleRing, Copies::any>(stream, product, parts, scratch);
  switch (tile) {
    case 0: return launch_ring<In, Out, LargeRing, Copies::vectors>(stream, product, parts, scratch);
    case 1: return launch_ring<In, Out, MiddleRing, Copies::vectors>(stream, product, parts, scratch);
    default: return launch_ring<In, Out, SmallRing, Copies::vectors>(stream, product, parts, scratch);
  }
}

}  // namespace gpubench::cuda
