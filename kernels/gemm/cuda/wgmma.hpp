#pragma once

#include <optional>
#include <span>
#include <string>

#include "harness/devices/cuda/stream.hpp"
#include "kernels/gemm/cuda/product.hpp"

namespace gpubench::cuda {

// Products by TMA and wgmma, for code of sm_90a. Warps have different jobs: one brings tiles of a and b to shared
// memory, two warpgroups multiply them and store c; mbarriers tell one of the other. Blocks stay and take tile after
// tile, so that the next one's operands come while one is stored; the blocks of a cluster share what they fetch. TF32
// operands are truncated by the Tensor Cores, which the oracle's bound allows.

/// Tiles there are for a format; none for fp32.
std::span<const Tile> wgmma_tiles(Precision format, Accumulation accumulation);

/// Why wgmma or TMA cannot take a product; none if they can. `wgmma wants k contiguous in both operands of fp8 (nt)`
std::optional<std::string> wgmma_why_not(const Product& product);

/// @param tile index into wgmma_tiles() @param parts above 1: the sums over k are made by so many blocks each,
/// `scratch` has parts * m * n floats, and add_parts() follows @param multiprocessors as many blocks are launched, at
/// most
/// @pre !wgmma_why_not() @throws Error
void wgmma_gemm(Stream stream, const Product& product, int tile, int parts, float* scratch, int multiprocessors);

/// Whether this build has the code for sm_90a, and the current device runs it.
bool wgmma_is_compiled();

}  // namespace gpubench::cuda
