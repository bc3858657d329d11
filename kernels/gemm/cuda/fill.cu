#include <algorithm>
#include <cstdint>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "kernels/gemm/cuda/fill.hpp"
#include "kernels/operand_values.hpp"

namespace gpubench::cuda {
namespace {

constexpr int threads = 256;

template <class Word, bool from_table>
__global__ __launch_bounds__(threads) void fill_operand_kernel(Word* to,
                                                               std::int64_t count,
                                                               Random random,
                                                               const Word* table) {
  constexpr int parts = 8 / sizeof(Word), width = 8 * sizeof(Word);
  constexpr std::uint32_t codes = sizeof(Word) == 1 ? 256 : 65536;
  const std::int64_t draw = std::int64_t{blockIdx.x} * threads + threadIdx.x;
  if (draw * parts >= count) return;
  const std::uint64_t bits = random.bits(static_cast<std::uint64_t>(draw));
#pragma unroll
  for (int part = 0; part < parts; ++part) {
    if (draw * parts + part >= count) return;
    const auto code = static_cast<std::uint32_t>(bits >> (width * part));
    if constexpr (from_table)
      to[draw * parts + part] = table[code & (codes - 1)];
    else
      to[draw * parts + part] = std::bit_cast<Word>(OperandNumbers::uniform(Precision::fp32, code));
  }
}

template <class Word, bool from_table>
void enqueue(Stream stream, void* to, std::int64_t count, const Random& random, const void* table) {
  constexpr std::int64_t each = threads * static_cast<std::int64_t>(8 / sizeof(Word));
  constexpr std::int64_t most_blocks = (std::int64_t{1} << 31) - 1;
  const std::int64_t blocks = (count + each - 1) / each;
  if (blocks > most_blocks) throw Error("an operand has more elements than one launch fills");
  if (blocks > 0)
    launch<fill_operand_kernel<Word, from_table>>(stream,
                                                  {.grid = static_cast<unsigned>(blocks), .block = threads},
                                                  static_cast<Word*>(to),
                                                  count,
                                                  random,
                                                  static_cast<const Word*>(table));
}

}  // namespace

void fill_operand(Stream stream, void* to, std::int64_t count, int bytes, const Random& random, const void* table) {
  switch (bytes) {
    case 1: return enqueue<std::uint8_t, true>(stream, to, count, random, table);
    case 2: return enqueue<std::uint16_t, true>(stream, to, count, random, table);
    case 4:
      return table ? enqueue<std::uint32_t, true>(stream, to, count, random, table)
                   : enqueue<std::uint32_t, false>(stream, to, count, random, table);
    default: throw Error("an operand's elements have 1, 2 or 4 bytes");
  }
}

}  // namespace gpubench::cuda
