#include "harness/devices/cpu/flop_loops.hpp"

#include <array>

namespace gpubench::cpu {
namespace {

/// For processors without a loop of their own below. Enough chains to hide the latency of any of them.
void portable(std::int64_t turns) {
  constexpr int chains = 64;
  std::array<float, chains> sums{};
  const float x = 1.5F, y = 1.25F;
  for (std::int64_t turn = 0; turn < turns; ++turn) {
    for (float& sum : sums) sum = sum * x + y;
    asm volatile("" : "+m"(sums));  // the sums are needed: nothing may be left out
  }
}
constexpr FlopLoop portable_loop{"multiply and add in plain C++", Precision::fp32, 2 * 64, portable};

#if defined(__x86_64__)

// Twelve independent sums: a multiply-add takes four cycles, two can start in each. The operands are ordinary numbers:
// zeros would draw less power than any real product and subnormals are slow.
#define GPUBENCH_TWELVE(instruction, kind, operands)                         \
  ".irp r,0,1,2,3,4,5,6,7,8,9,10,11\n\t" instruction " " operands ",%%" kind \
  "\\r\n\t.endr\n"                                                           \
  "\tdec %[turns]\n\tjnz 1b\n\tvzeroupper"
#define GPUBENCH_CLOBBERS                                                                                          \
  "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm14", \
      "xmm15"

constexpr std::uint32_t one_and_a_half = 0x3fc00000;       // as FP32
constexpr std::uint32_t one_and_a_half_bf16 = 0x3fc03fc0;  // twice, as BF16
constexpr std::uint32_t small_integers = 0x0703fb02;       // four INT8

void fma_avx2(std::int64_t turns) {
  asm volatile(
      "vbroadcastss %[x],%%ymm14\n\tvbroadcastss %[x],%%ymm15\n"
      "\t.irp r,0,1,2,3,4,5,6,7,8,9,10,11\n\tvmovaps %%ymm14,%%ymm\\r\n\t.endr\n"
      "1:\t" GPUBENCH_TWELVE("vfmadd231ps", "ymm", "%%ymm14,%%ymm15")
      : [turns] "+r"(turns)
      : [x] "m"(one_and_a_half)
      : GPUBENCH_CLOBBERS);
}

void fma_avx512(std::int64_t turns) {
  asm volatile(
      "vbroadcastss %[x],%%zmm14\n\tvbroadcastss %[x],%%zmm15\n"
      "\t.irp r,0,1,2,3,4,5,6,7,8,9,10,11\n\tvmovaps %%zmm14,%%zmm\\r\n\t.endr\n"
      "1:\t" GPUBENCH_TWELVE("vfmadd231ps", "zmm", "%%zmm14,%%zmm15")
      : [turns] "+r"(turns)
      : [x] "m"(one_and_a_half)
      : GPUBENCH_CLOBBERS);
}

void dot_bf16_avx512(std::int64_t turns) {
  asm volatile(
      "vbroadcastss %[x],%%zmm14\n\tvbroadcastss %[x],%%zmm15\n"
      "\t.irp r,0,1,2,3,4,5,6,7,8,9,10,11\n\tvmovaps %%zmm14,%%zmm\\r\n\t.endr\n"
      "1:\t" GPUBENCH_TWELVE("vdpbf16ps", "zmm", "%%zmm14,%%zmm15")
      : [turns] "+r"(turns)
      : [x] "m"(one_and_a_half_bf16)
      : GPUBENCH_CLOBBERS);
}

void dot_int8_avx512(std::int64_t turns) {
  asm volatile(
      "vbroadcastss %[x],%%zmm14\n\tvbroadcastss %[x],%%zmm15\n"
      "\t.irp r,0,1,2,3,4,5,6,7,8,9,10,11\n\tvmovaps %%zmm14,%%zmm\\r\n\t.endr\n"
      "1:\t" GPUBENCH_TWELVE("vpdpbusd", "zmm", "%%zmm14,%%zmm15")
      : [turns] "+r"(turns)
      : [x] "m"(small_integers)
      : GPUBENCH_CLOBBERS);
}

#undef GPUBENCH_TWELVE
#undef GPUBENCH_CLOBBERS

/// Eight tiles of 16 rows of 64 bytes.
struct alignas(64) TileShapes {
  std::uint8_t palette = 1, start_row = 0;
  std::array<std::uint8_t, 14> reserved{};
  std::array<std::uint16_t, 16> row_bytes{64, 64, 64, 64, 64, 64, 64, 64};
  std::array<std::uint8_t, 16> rows{16, 16, 16, 16, 16, 16, 16, 16};
};
struct alignas(64) Tile {
  std::array<std::uint32_t, 256> words{};
};

// Tiles 0 to 3 are the sums, 4 and 5 by 6 and 7 the operands: as a product of large matrices uses them. Each
// instruction is 16 x 16 sums over 32 products of BF16, or 64 of INT8.
#define GPUBENCH_TILES(instruction)                                                      \
  "ldtilecfg %[shapes]\n"                                                                \
  "\ttileloadd (%[data],%[stride],1),%%tmm4\n\ttileloadd (%[data],%[stride],1),%%tmm5\n" \
  "\ttileloadd (%[data],%[stride],1),%%tmm6\n\ttileloadd (%[data],%[stride],1),%%tmm7\n" \
  "\ttilezero %%tmm0\n\ttilezero %%tmm1\n\ttilezero %%tmm2\n\ttilezero %%tmm3\n"         \
  "1:\t" instruction " %%tmm6,%%tmm4,%%tmm0\n\t" instruction                             \
  " %%tmm7,%%tmm4,%%tmm1\n"                                                              \
  "\t" instruction " %%tmm6,%%tmm5,%%tmm2\n\t" instruction                               \
  " %%tmm7,%%tmm5,%%tmm3\n"                                                              \
  "\tdec %[turns]\n\tjnz 1b\n\ttilerelease"

void tiles_bf16(std::int64_t turns) {
  const TileShapes shapes;
  Tile tile;
  tile.words.fill(one_and_a_half_bf16);
  asm volatile(GPUBENCH_TILES("tdpbf16ps")
               : [turns] "+r"(turns)
               : [shapes] "m"(shapes), [data] "r"(&tile), [stride] "r"(std::int64_t{64}), "m"(tile)
               : "cc");
}

void tiles_int8(std::int64_t turns) {
  const TileShapes shapes;
  Tile tile;
  tile.words.fill(small_integers);
  asm volatile(GPUBENCH_TILES("tdpbssd")
               : [turns] "+r"(turns)
               : [shapes] "m"(shapes), [data] "r"(&tile), [stride] "r"(std::int64_t{64}), "m"(tile)
               : "cc");
}

#undef GPUBENCH_TILES

FlopLoop fp32_loop(const Instructions& allowed) {
  using enum Precision;
  if (allowed.avx512) return {"AVX-512 FP32 multiply-adds", fp32, 12 * 2 * 16, fma_avx512};
  if (allowed.avx2_fma) return {"AVX2 FP32 multiply-adds", fp32, 12 * 2 * 8, fma_avx2};
  return portable_loop;
}

std::vector<FlopLoop> narrow_loops(Precision precision, const Instructions& allowed) {
  using enum Precision;
  if (precision == bf16 && allowed.amx_bf16) return {{"AMX BF16 tiles", bf16, 4 * 2 * 16 * 16 * 32, tiles_bf16}};
  if (precision == bf16 && allowed.avx512_bf16)
    return {{"AVX-512 BF16 dot products", bf16, 12 * 2 * 32, dot_bf16_avx512}, fp32_loop(allowed)};
  if (precision == int8 && allowed.amx_int8) return {{"AMX INT8 tiles", int8, 4 * 2 * 16 * 16 * 64, tiles_int8}};
  if (precision == int8 && allowed.avx512_vnni)
    return {{"AVX-512 INT8 dot products", int8, 12 * 2 * 64, dot_int8_avx512}};
  return {};
}

#else

FlopLoop fp32_loop(const Instructions&) { return portable_loop; }
std::vector<FlopLoop> narrow_loops(Precision, const Instructions&) { return {}; }

#endif

}  // namespace

std::vector<FlopLoop> flop_loops(Precision precision, const Instructions& allowed) {
  std::vector<FlopLoop> loops = narrow_loops(precision, allowed);
  if (loops.empty()) loops.push_back(fp32_loop(allowed));
  return loops;
}

}  // namespace gpubench::cpu
