#include "harness/core/error.hpp"
#include "kernels/gemm/cuda/wgmma_launch.cuh"

namespace gpubench::cuda {
namespace {

template <int n, int stages, int cluster, bool promoted>
using Shape = WgmmaShape<__nv_fp8_e4m3, ptx::Major::k, ptx::Major::k, 128, n, stages, cluster, promoted>;

}  // namespace

void wgmma_fp8(Stream stream, const WgmmaTask& task, int tile) {
  const bool promoted = task.product.accumulation == Accumulation::promoted;
  if (!promoted && tile == 0) return wgmma_launch<Shape<256, 4, 2, false>>(stream, task);
  switch (promoted ? tile + 1 : tile) {  // sums twice do not fit beside each other for 256 columns
    case 1:
      return promoted ? wgmma_launch<Shape<128, 6, 2, true>>(stream, task)
                      : wgmma_launch<Shape<128, 6, 2, false>>(stream, task);
    case 2:
      return promoted ? wgmma_launch<Shape<64, 8, 1, true>>(stream, task)
                      : wgmma_launch<Shape<64, 8, 1, false>>(stream, task);
    default: throw Error("there is no such tile");
  }
}

}  // namespace gpubench::cuda
