#include "kernels/gemm/cuda/wgmma.hpp"

#include <cstdint>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "kernels/gemm/cuda/product_rules.hpp"
#include "kernels/gemm/cuda/wgmma_task.hpp"
#include "kernels/operand_values.hpp"

namespace gpubench::cuda {
namespace {

/// TMA copies from multiples of 16 bytes, in steps of them.
std::optional<std::string> misplaced(const char* which, const void* data, std::int64_t pitch, int width) {
  if (pitch * width % 16 != 0)
    return fmt::format("TMA wants rows of {} that are multiples of 16 bytes apart, not {}", which, pitch * width);
  if (reinterpret_cast<std::uintptr_t>(data) % 16 != 0)
    return fmt::format("TMA wants {} to begin at a multiple of 16 bytes", which);
  return std::nullopt;
}

}  // namespace

std::span<const Tile> wgmma_tiles(Precision format, Accumulation accumulation) {
  switch (format) {
    case Precision::fp16:
    case Precision::bf16: return tiles_of_16_bits;
    case Precision::tf32: return tiles_of_tf32;
    case Precision::fp8: return std::span(tiles_of_fp8).first(accumulation == Accumulation::promoted ? 2 : 4);
    default: return {};
  }
}

std::optional<std::string> wgmma_why_not(const Product& product) {
  if (wgmma_tiles(product.format, product.accumulation).empty())
    return fmt::format("wgmma has no {}", name(product.format));
  if (operand_width(product.format) != 2 && (product.a.transposed || !product.b.transposed))
    return fmt::format("wgmma wants k contiguous in both operands of {} (nt)", name(product.format));
  if (product.m < 1 || product.n < 1 || product.k < 1) return "there is nothing to multiply";
  const int width = operand_width(product.format);
  if (auto why = misplaced("a", product.a.data, product.a.pitch, width)) return why;
  if (auto why = misplaced("b", product.b.data, product.b.pitch, width)) return why;
  return std::nullopt;
}

void wgmma_gemm(Stream stream, const Product& product, int tile, int parts, float* scratch, int multiprocessors) {
  require_product(product, parts, scratch);
  if (const auto why = wgmma_why_not(product)) throw Error(*why);
  const std::span<const Tile> tiles = wgmma_tiles(product.format, product.accumulation);
  if (tile < 0 || tile >= static_cast<int>(tiles.size()))
    throw Error(
        fmt::format("wgmma has {} tiles of {}, not one of number {}", tiles.size(), name(product.format), tile));
  const std::int64_t each = tiles[static_cast<std::size_t>(tile)].k, stages = (product.k + each - 1) / each;
  if (parts > stages) throw Error(fmt::format("{} stages of k cannot be cut into {} parts", stages, parts));
  const WgmmaTask task{product, parts, scratch, multiprocessors};
  switch (product.format) {
    case Precision::bf16: return wgmma_bf16(stream, task, tile);
    case Precision::fp16: return wgmma_fp16(stream, task, tile);
    case Precision::tf32: return wgmma_tf32(stream, task, tile);
    default: return wgmma_fp8(stream, task, tile);
  }
}

bool wgmma_is_compiled() { return wgmma_compiled_for() == 90; }

}  // namespace gpubench::cuda
