#include "harness/core/error.hpp"
#include "kernels/gemm/cuda/wgmma_launch.cuh"

namespace gpubench::cuda {

void wgmma_bf16(Stream stream, const WgmmaTask& task, int tile) {
  switch (tile) {
    case 0: return wgmma_any_order<__nv_bfloat16, 128, 256, 4, 2>(stream, task);
    case 1: return wgmma_any_order<__nv_bfloat16, 128, 128, 6, 2>(stream, task);
    case 2: return wgmma_any_order<__nv_bfloat16, 128, 64, 8, 1>(stream, task);
    default: throw Error("there is no such tile");
  }
}

}  // namespace gpubench::cuda
