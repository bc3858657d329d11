#include "harness/core/error.hpp"
#include "kernels/gemm/cuda/wgmma_launch.cuh"

namespace gpubench::cuda {
namespace {

template <int n, int stages, int cluster>
using Shape = WgmmaShape<ptx::Tf32, ptx::Major::k, ptx::Major::k, 128, n, stages, cluster, false>;

}  // namespace

void wgmma_tf32(Stream stream, const WgmmaTask& task, int tile) {
  switch (tile) {
    case 0: return wgmma_launch<Shape<256, 4, 2>>(stream, task);
    case 1: return wgmma_launch<Shape<128, 6, 2>>(stream, task);
    case 2: return wgmma_launch<Shape<64, 8, 1>>(stream, task);
    default: throw Error("there is no such tile");
  }
}

int wgmma_compiled_for() { return compiled_for<wgmma_gemm_kernel<Shape<64, 8, 1>>>(); }

}  // namespace gpubench::cuda
