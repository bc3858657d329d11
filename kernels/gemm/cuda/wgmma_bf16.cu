#include "harness/core/error.hpp"
#include "kernels/gemm/cuda/wgmma_launch.cuh"

namespace gpubench::cuda {

void wgmma_bf16(Stream stream, const WgmmaTask& task, int tile) {
  switch (tile) {
    case 0: return wgmma_any_order<__nv_bfloat16, WideTile>(stream, task);
    case 1: return wgmma_any_order<__nv_bfloat16, SquareTile>(stream, task);
    case 2: return wgmma_any_order<__nv_bfloat16, NarrowTile>(stream, task);
    case 3: return wgmma_any_order<__nv_bfloat16, MediumTile>(stream, task);
    default: throw Error("there is no such tile");
  }
}

}  // namespace gpubench::cuda
