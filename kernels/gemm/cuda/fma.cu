#include <iterator>
#include <string>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "kernels/gemm/cuda/fma.hpp"
#include "kernels/gemm/cuda/fma_kernel.cuh"
#include "kernels/gemm/cuda/order_of.cuh"
#include "kernels/gemm/cuda/parts.hpp"
#include "kernels/gemm/cuda/product_rules.hpp"

namespace gpubench::cuda {
namespace {

// 8 x 16 numbers a thread: 128 FFMA for 6 loads of four numbers. The small one is for more blocks of fewer registers.
using Large = FmaShape<128, 256, 8, 16, 1>;
using Middle = FmaShape<128, 128, 8, 16, 2>;
using Small = FmaShape<64, 64, 4, 8, 4>;
constexpr Tile tiles[] = {Large::tile(), Middle::tile(), Small::tile()};

template <class Shape, bool vectors>
void launch_fma(Stream stream, const Product& product, int parts, float* scratch) {
  const FmaOperands operands{.a = static_cast<const float*>(product.a.data),
                             .b = static_cast<const float*>(product.b.data),
                             .a_pitch = product.a.pitch,
                             .b_pitch = product.b.pitch,
                             .m = static_cast<int>(product.m),
                             .n = static_cast<int>(product.n),
                             .k = static_cast<int>(product.k)};
  const TileOrder order = order_of(product, Shape::tile(), parts);
  const auto enqueue = [&]<bool a_along_k, bool b_along_k>() {
    launch<fma_gemm_kernel<Shape, a_along_k, b_along_k, vectors || (a_along_k && b_along_k)>>(
        stream,
        {.grid = static_cast<unsigned>(order.count()),
         .block = Shape::threads,
         .shared_bytes = sizeof(FmaShared<Shape>)},
        operands,
        order,
        epilogue_of<float>(product),
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

}  // namespace

std::span<const Tile> fma_tiles() { return tiles; }

bool fma_takes_vectors(const Product& product) {
  return (!product.a.transposed || rows_at_multiples(product.a, product.format, 16)) &&
         (product.b.transposed || rows_at_multiples(product.b, product.format, 16));
}

void fma_gemm(Stream stream, const Product& product, int tile, int parts, float* scratch) {
  if (product.format != Precision::fp32)
    throw Error("the CUDA cores multiply no " + std::string(name(product.format)) + " here: fp32");
  require_product(product, parts, scratch);
  if (tile < 0 || tile >= static_cast<int>(std::size(tiles)))
    throw Error("there is no tile " + std::to_string(tile) + " of a product on the CUDA cores");
  if (product.m == 0 || product.n == 0) return;
  if (!fma_takes_vectors(product))
    launch_fma<Middle, false>(stream, product, parts, scratch);
  else if (tile == 0)
    launch_fma<Large, true>(stream, product, parts, scratch);
  else if (tile == 1)
    launch_fma<Middle, true>(stream, product, parts, scratch);
  else
    launch_fma<Small, true>(stream, product, parts, scratch);
  if (parts > 1) add_parts(stream, product, scratch, parts);
}

}  // namespace gpubench::cuda
