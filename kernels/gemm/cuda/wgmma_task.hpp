#pragma once

#include "harness/devices/cuda/stream.hpp"
#include "kernels/gemm/cuda/product.hpp"

namespace gpubench::cuda {

/// A product as a kernel by wgmma is given it.
struct WgmmaTask {
  const Product& product;
  int parts;
  float* scratch;
  int multiprocessors;
};

// Each format in a file of its own, because these kernels take seconds each to compile. `tile` as in wgmma_tiles().
void wgmma_bf16(Stream stream, const WgmmaTask& task, int tile);
void wgmma_fp16(Stream stream, const WgmmaTask& task, int tile);
void wgmma_tf32(Stream stream, const WgmmaTask& task, int tile);
void wgmma_fp8(Stream stream, const WgmmaTask& task, int tile);

/// Capability that the code of these kernels is for: 90, or less where a driver compiled them from older code.
int wgmma_compiled_for();

}  // namespace gpubench::cuda
