#include "kernels/gemm/cuda/ring_formats.hpp"
#include "kernels/gemm/cuda/ring_launch.cuh"

namespace gpubench::cuda {

void ring_gemm_bf16(Stream stream, const Product& product, int tile, int parts, float* scratch) {
  launch_ring<__nv_bfloat16, __nv_bfloat16>(stream, product, tile, parts, scratch);
}

}  // namespace gpubench::cuda
