#include "kernels/gemm/cuda/wgmma.hpp"

#include <random>

#include <gmock/gmock.h>

#include "harness/core/error.hpp"
#include "kernels/operand_values.hpp"
#include "tests/harness/devices/cuda/device_test.hpp"
#include "tests/kernels/gemm/cuda/product_check.hpp"

namespace gpubench::device_tests {
namespace {

using cuda::Activation;
using cuda::Product;

/// A product by wgmma on an imaginary GPU of one multiprocessor, so that its block (or cluster) has all tiles.
std::string by_wgmma(const Device& device, const ProductCase& one, int tile, int parts = 1) {
  constexpr int multiprocessors = 1;
  return check_product(
      device,
      one,
      [&](const Product& product, float* scratch) {
        cuda::wgmma_gemm(device.stream(), product, tile, parts, scratch, multiprocessors);
      },
      parts);
}

Operands any_order(Precision format, int number) {
  return operand_width(format) == 2 ? all_operands[number % 4] : Operands::nt;
}

// Rows, columns and k end within a tile; blocks have several tiles, and the ring goes round.
DEVICE_TEST(WgmmaGemm, TakesEveryOrderOf16BitsOnEverySchedule) {
  NEEDS_COMPUTE_CAPABILITY(90);
  on_every_schedule([](const Device& device) {
    for (const Operands operands : all_operands)
      EXPECT_EQ(by_wgmma(device, {.m = 136, .n = 72, .k = 136, .operands = operands}, 2), "");
  });
}

// The ring goes round: nobody brings anything before both blocks have read what was there.
DEVICE_TEST(WgmmaGemm, SharesWhatAClusterFetches) {
  NEEDS_COMPUTE_CAPABILITY(90);
  on_every_schedule([](const Device& device) {
    for (const Operands operands : {Operands::nt, Operands::nn})
      EXPECT_EQ(by_wgmma(device, {.m = 136, .n = 136, .k = 456, .operands = operands}, 1), "");
  });
}

DEVICE_TEST(WgmmaGemm, HasEveryTileOfEveryFormat) {
  NEEDS_COMPUTE_CAPABILITY(90);
  const Device device;
  for (const Precision format : {Precision::bf16, Precision::fp16, Precision::tf32, Precision::fp8})
    for (const Accumulation accumulation : {Accumulation::promoted, Accumulation::fast}) {
      if (format != Precision::fp8 && accumulation == Accumulation::fast) continue;
      const auto tiles = cuda::wgmma_tiles(format, accumulation);
      for (int tile = 0; tile < static_cast<int>(tiles.size()); ++tile) {
        const cuda::Tile& size = tiles[static_cast<std::size_t>(tile)];
        EXPECT_EQ(by_wgmma(device,
                           {.format = format,
                            .m = size.m + 8,
                            .n = size.n + 8,
                            .k = size.k + 16,
                            .operands = any_order(format, tile),
                            .accumulation = accumulation},
                           tile),
                  "");
      }
    }
}

DEVICE_TEST(WgmmaGemm, TakesAnySizeAndPitch) {
  NEEDS_COMPUTE_CAPABILITY(90);
  const Device device;
  std::mt19937 random(5);
  const auto up_to = [&random](int most) { return std::uniform_int_distribution(1, most)(random); };
  for (const Precision format : {Precision::bf16, Precision::fp16, Precision::tf32, Precision::fp8})
    for (int i = 0; i < 8; ++i) {
      ProductCase one{
          .format = format, .m = up_to(200), .n = up_to(150), .k = up_to(200), .operands = any_order(format, i)};
      const int unit = 16 / operand_width(format);
      const auto gap = [&](int length, int multiple) {
        return (multiple - length % multiple) % multiple + multiple * (i % 2);
      };
      one.a_gap = gap(first_transposed(one.operands) ? one.m : one.k, unit);
      one.b_gap = gap(second_transposed(one.operands) ? one.k : one.n, unit);
      one.c_gap = i < 4 ? gap(one.n, 8) : i % 3;  // where TMA stores 16 bits, and where it cannot
      one.aux = i % 4 == 1;
      EXPECT_EQ(by_wgmma(device, one, i % 2), "");
    }
}

DEVICE_TEST(WgmmaGemm, AddsPartsOfSums) {
  NEEDS_COMPUTE_CAPABILITY(90);
  const Device device;
  for (const Precision format : {Precision::bf16, Precision::tf32, Precision::fp8}) {
    const int stage = 128 / operand_width(format);
    const ProductCase one{
        .format = format, .m = 40, .n = 24, .k = 7 * stage, .bias = true, .activation = Activation::relu};
    for (const int parts : {2, 3, 7}) EXPECT_EQ(by_wgmma(device, one, 1, parts), "") << parts;
  }
}

DEVICE_TEST(WgmmaGemm, DoesWhatIsDoneAtTheEnd) {
  NEEDS_COMPUTE_CAPABILITY(90);
  const Device device;
  for (const Precision format : {Precision::bf16, Precision::fp16, Precision::tf32})
    for (const Activation activation : {Activation::none, Activation::relu, Activation::gelu})
      for (const bool aux : {false, true})
        EXPECT_EQ(by_wgmma(device,
                           {.format = format,
                            .m = 72,
                            .n = 200,  // more than the two pieces of the staging
                            .k = 80,
                            .alpha = 0.25F,
                            .beta = aux ? -1.5F : 0,
                            .bias = aux || activation != Activation::relu,
                            .aux = aux,
                            .activation = activation},
                           aux ? 0 : 2),
                  "");
}

// A warpgroup's copies to c alternate between two places, over tiles too: 64 columns are an odd number of them.
DEVICE_TEST(WgmmaGemm, StoresTileAfterTile) {
  NEEDS_COMPUTE_CAPABILITY(90);
  on_every_schedule([](const Device& device) { EXPECT_EQ(by_wgmma(device, {.m = 128, .n = 64 * 9, .k = 64}, 2), ""); });
}

TEST(WgmmaRules, RefuseWhatWouldHang) {
  alignas(16) static unsigned char memory[64];
  const Product fits{.format = Precision::bf16,
                     .m = 8,
                     .n = 8,
                     .k = 8,
                     .a = {memory, 8, false},
                     .b = {memory, 8, true},
                     .c = memory,
                     .c_pitch = 8};
  const auto why = [](const Product& product, int tile, int parts) -> std::string {
    static float scratch[256];
    try {
      cuda::wgmma_gemm(nullptr, product, tile, parts, scratch, 1);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(why(fits, 0, 2), ::testing::StartsWith("1 stages of k cannot be cut into 2 parts"));
  EXPECT_THAT(why(fits, 9, 1), ::testing::StartsWith("wgmma has 4 tiles of bf16, not one of number 9"));
  Product bad = fits;
  bad.a.pitch = 4;
  EXPECT_THAT(why(bad, 0, 1), ::testing::StartsWith("the rows of a product's a are 4 elements apart and have 8"));
}

TEST(WgmmaRules, SayWhatTmaAndWgmmaCannotTake) {
  const auto why = [](Product product) { return cuda::wgmma_why_not(product).value_or(""); };
  alignas(16) static unsigned char memory[64];
  Product fits{.format = Precision::bf16,
               .m = 8,
               .n = 8,
               .k = 8,
               .a = {memory, 8, false},
               .b = {memory, 8, true},
               .c = memory,
               .c_pitch = 8};
  EXPECT_EQ(why(fits), "");
  Product odd = fits;
  odd.a.pitch = 9;
  EXPECT_EQ(why(odd), "TMA wants rows of a that are multiples of 16 bytes apart, not 18");
  odd = fits;
  odd.b.data = memory + 2;
  EXPECT_EQ(why(odd), "TMA wants b to begin at a multiple of 16 bytes");
  odd = fits;
  odd.format = Precision::fp8;
  odd.a.pitch = odd.b.pitch = 16;
  EXPECT_EQ(why(odd), "");
  odd.b.transposed = false;
  EXPECT_EQ(why(odd), "wgmma wants k contiguous in both operands of fp8 (nt)");
  odd = fits;
  odd.format = Precision::fp32;
  EXPECT_EQ(why(odd), "wgmma has no fp32");
}

}  // namespace
}  // namespace gpubench::device_tests
