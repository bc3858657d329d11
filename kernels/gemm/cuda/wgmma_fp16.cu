#include "harness/core/error.hpp"
#include "kernels/gemm/cuda/wgmma_launch.cuh"

namespace gpubench::cuda {

void wgmma_fp16(Stream stream, const WgmmaTask& task, int tile) {
  switch (tile) {
    case 0: return wgmma_any_order<__half, WideTile>(stream, task);
    case 1: return wgmma_any_order<__half, SquareTile>(stream, task);
    case 2: return wgmma_any_order<__half, NarrowTile>(stream, task);
    case 3: return wgmma_any_order<__half, MediumTile>(stream, task);
    default: throw Error("there is no such tile");
  }
}

}  // namespace gpubench::cuda
