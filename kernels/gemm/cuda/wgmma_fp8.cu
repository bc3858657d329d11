#include "harness/core/error.hpp"
#include "kernels/gemm/cuda/wgmma_launch.cuh"

namespace gpubench::cuda {
namespace {

template <class TileShape, bool promoted>
using Shape = WgmmaShape<__nv_fp8_e4m3, ptx::Major::k, ptx::Major::k, TileShape, promoted>;

template <class TileShape>
void either(Stream stream, const WgmmaTask& task) {
  if (task.product.accumulation == Accumulation::promoted) return wgmma_launch<Shape<TileShape, true>>(stream, task);
  wgmma_launch<Shape<TileShape, false>>(stream, task);
}

}  // namespace

void wgmma_fp8(Stream stream, const WgmmaTask& task, int tile) {
  switch (tile) {
    case 0: return either<SquareTile>(stream, task);
    case 1: return either<NarrowTile>(stream, task);
    case 2: return wgmma_launch<Shape<WideTile, false>>(stream, task);
    case 3: return wgmma_launch<Shape<MediumTile, false>>(stream, task);
    default: throw Error("there is no such tile");
  }
}

}  // namespace gpubench::cuda
