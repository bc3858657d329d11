#include "harness/core/error.hpp"
#include "kernels/gemm/cuda/wgmma_launch.cuh"

namespace gpubench::cuda {
namespace {

template <class TileShape>
using Shape = WgmmaShape<ptx::Tf32, ptx::Major::k, ptx::Major::k, TileShape>;

}  // namespace

void wgmma_tf32(Stream stream, const WgmmaTask& task, int tile) {
  switch (tile) {
    case 0: return wgmma_launch<Shape<WideTile>>(stream, task);
    case 1: return wgmma_launch<Shape<SquareTile>>(stream, task);
    case 2: return wgmma_launch<Shape<NarrowTile>>(stream, task);
    case 3: return wgmma_launch<Shape<MediumTile>>(stream, task);
    default: throw Error("there is no such tile");
  }
}

int wgmma_compiled_for() { return compiled_for<wgmma_gemm_kernel<Shape<WideTile>>>(); }

}  // namespace gpubench::cuda
