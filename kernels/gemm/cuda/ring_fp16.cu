#include "kernels/gemm/cuda/ring_formats.hpp"
#include "kernels/gemm/cuda/ring_launch.cuh"

namespace gpubench::cuda {

void ring_gemm_fp16(Stream stream, const Product& product, int tile, int parts, float* scratch) {
  launch_ring<__half, __half>(stream, product, tile, parts, scratch);
}

}  // namespace gpubench::cuda
