#include "kernels/gemm/cuda/fma.hpp"

#include <array>

#include "harness/core/error.hpp"
#include "tests/kernels/gemm/cuda/product_check.hpp"

namespace gpubench::device_tests {
namespace {

using cuda::Activation;

constexpr int large = 0, middle = 1, small = 2;

/// @returns what is wrong
std::string run(const Device& device, ProductCase one, int tile, int parts = 1) {
  one.format = Precision::fp32;
  return check_product(
      device,
      one,
      [&](const cuda::Product& product, float* scratch) {
        cuda::fma_gemm(device.stream(), product, tile, parts, scratch);
      },
      parts);
}

/// Rows of both operands begin at multiples of 16 bytes, and so do those of c.
ProductCase aligned(ProductCase one) {
  const auto gap = [](int width) { return (4 - width % 4) % 4; };
  one.a_gap = gap(first_transposed(one.operands) ? one.m : one.k);
  one.b_gap = gap(second_transposed(one.operands) ? one.k : one.n);
  one.c_gap = gap(one.n);
  return one;
}

// More than a tile each way and a bit; k is several stages and a bit.
DEVICE_TEST(FmaGemm, EveryTileAndOrder) {
  const Device device;
  for (const Operands operands : all_operands)
    for (int tile = large; tile <= small; ++tile) {
      const cuda::Tile& size = cuda::fma_tiles()[static_cast<std::size_t>(tile)];
      for (const int k : {45, 5}) {
        const ProductCase one{.m = size.m + 3, .n = size.n + 5, .k = k, .operands = operands};
        ASSERT_EQ(run(device, aligned(one), tile), "") << "tile " << tile;
      }
    }
}

// Rows of operands and of c begin anywhere.
DEVICE_TEST(FmaGemm, EveryRaggedSizeAndPitch) {
  const Device device;
  for (const Operands operands : all_operands)
    for (const auto& [m, n, k] : {std::array{1, 1, 1}, {1, 67, 9}, {65, 1, 8}, {63, 66, 64}, {17, 9, 129}})
      for (const int gap : {0, 1, 2})
        for (const int tile : {middle, small}) {
          ProductCase one{.m = m, .n = n, .k = k, .operands = operands, .a_gap = gap, .b_gap = gap, .c_gap = gap};
          one.shift = gap;
          ASSERT_EQ(run(device, one, tile), "") << "tile " << tile;
        }
}

DEVICE_TEST(FmaGemm, OnEverySchedule) {
  for (const Operands operands : all_operands) {
    const ProductCase one = aligned({.m = 61, .n = 64, .k = 83, .operands = operands});
    on_every_schedule([&](const Device& device) { EXPECT_EQ(run(device, one, small), ""); });
  }
  for (const int tile : {large, middle}) {
    const ProductCase one = aligned({.m = 70, .n = 140, .k = 50, .operands = Operands::nn});
    on_every_schedule([&](const Device& device) { EXPECT_EQ(run(device, one, tile), ""); });
  }
}

DEVICE_TEST(FmaGemm, Epilogues) {
  const Device device;
  for (const bool vectors : {true, false})
    for (const int parts : {1, 3}) {
      ProductCase one = aligned({.m = 35, .n = 43, .k = 50, .alpha = 0.25F, .bias = true, .aux = true});
      if (!vectors) one.c_gap = 2;
      for (const Activation activation : {Activation::none, Activation::relu, Activation::gelu}) {
        one.activation = activation;
        one.beta = activation == Activation::relu ? 0 : -1.5F;
        ASSERT_EQ(run(device, one, small, parts), "") << parts << " parts";
        one.aux = one.bias = activation == Activation::none;
      }
    }
}

// Parts of equal length, of different ones, and some without anything.
DEVICE_TEST(FmaGemm, SumsInParts) {
  const ProductCase one = aligned({.m = 66, .n = 52, .k = 31, .operands = Operands::tn});
  for (const int parts : {2, 3, 7})
    on_every_schedule([&](const Device& device) { EXPECT_EQ(run(device, one, small, parts), ""); });
}

DEVICE_TEST(FmaGemm, WithoutProductsThereIsTheRest) {
  const Device device;
  for (const int parts : {1, 2})
    EXPECT_EQ(run(device, {.m = 9, .n = 70, .k = 0, .beta = 2, .bias = true}, large, parts), "");
  EXPECT_NO_THROW(
      cuda::fma_gemm(device.stream(), {.format = Precision::fp32, .m = 0, .n = 5, .k = 5}, large, 1, nullptr));
}

// Nine rows of tiles: a band and the beginning of the next.
DEVICE_TEST(FmaGemm, ManyTiles) {
  EXPECT_EQ(run(Device(), aligned({.m = 9 * 64 - 5, .n = 3 * 64 - 7, .k = 11}), small), "");
}

DEVICE_TEST(FmaGemm, SaysWhatItDoesNotTake) {
  const Device device;
  EXPECT_THROW(cuda::fma_gemm(device.stream(), {.format = Precision::tf32}, small, 1, nullptr), Error);
  EXPECT_THROW(run(device, {.m = 5, .n = 5, .k = 5}, 3), Error);
  EXPECT_THROW(run(device, {.m = 5, .n = 5, .k = 5}, -1), Error);
  EXPECT_THROW(run(device, {.m = 5, .n = 5, .k = 5}, small, 0), Error);
}

}  // namespace
}  // namespace gpubench::device_tests
