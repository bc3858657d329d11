#include "kernels/gemm/cuda/ring.hpp"

#include <array>
#include <functional>
#include <vector>

#include <gmock/gmock.h>

#include "harness/core/error.hpp"
#include "tests/kernels/gemm/cuda/product_check.hpp"

namespace gpubench::device_tests {
namespace {

using cuda::Activation;

constexpr Precision formats[] = {Precision::bf16, Precision::fp16, Precision::tf32};
constexpr int large = 0, middle = 1, small = 2;

/// @returns what is wrong
std::string run(const Device& device, const ProductCase& one, int tile, int parts = 1) {
  return check_product(
      device,
      one,
      [&](const cuda::Product& product, float* scratch) {
        cuda::ring_gemm(device.stream(), product, tile, parts, scratch);
      },
      parts);
}

/// Elements from the end of a row to a multiple of 16 bytes.
int up_to_vectors(Precision format, int width) {
  const int each = format == Precision::tf32 ? 4 : 8;
  return (each - width % each) % each;
}

/// Rows of both operands begin at multiples of 16 bytes, and so do those of c.
ProductCase aligned(ProductCase one) {
  const int a_width = first_transposed(one.operands) ? one.m : one.k;
  const int b_width = second_transposed(one.operands) ? one.k : one.n;
  one.a_gap = up_to_vectors(one.format, a_width);
  one.b_gap = up_to_vectors(one.format, b_width);
  one.c_gap = up_to_vectors(one.format, one.n);
  return one;
}

// More than a tile each way and a bit; k is three stages and a bit, or ends within the first.
DEVICE_TEST(RingGemm, EveryTileFormatAndOrder) {
  const Device device;
  for (const Precision format : formats)
    for (const Operands operands : all_operands)
      for (int tile = large; tile <= small; ++tile) {
        const cuda::Tile& size = cuda::ring_tiles(format)[static_cast<std::size_t>(tile)];
        const ProductCase one{
            .format = format, .m = size.m + 3, .n = size.n + 5, .k = 3 * size.k + 7, .operands = operands};
        ASSERT_EQ(run(device, aligned(one), tile), "") << "tile " << tile;
      }
}

DEVICE_TEST(RingGemm, EveryRaggedSize) {
  const Device device;
  for (const Precision format : formats)
    for (const Operands operands : all_operands)
      for (const auto& [m, n, k] : {std::array{1, 1, 1}, {1, 67, 9}, {65, 1, 70}, {63, 66, 64}, {17, 9, 129}})
        ASSERT_EQ(run(device, aligned({.format = format, .m = m, .n = n, .k = k, .operands = operands}), small), "");
}

DEVICE_TEST(RingGemm, OnEverySchedule) {
  for (const Precision format : formats)
    for (const Operands operands : all_operands) {
      const int k = 5 * cuda::ring_tiles(format)[small].k + 2;
      const ProductCase one = aligned({.format = format, .m = 64, .n = 60, .k = k, .operands = operands});
      on_every_schedule([&](const Device& device) { EXPECT_EQ(run(device, one, small), ""); });
    }
  // The other tiles have more warps and another number of stages.
  for (const int tile : {large, middle}) {
    const ProductCase one = aligned({.m = 70, .n = 40, .k = 200, .operands = Operands::nn});
    on_every_schedule([&](const Device& device) { EXPECT_EQ(run(device, one, tile), ""); });
  }
}

// Pitches that are multiples of 4 bytes only, or of one element; operands that begin at neither; and one of each kind.
DEVICE_TEST(RingGemm, OperandsThatAreNotAligned) {
  const Device device;
  for (const Precision format : formats)
    for (const Operands operands : all_operands) {
      ProductCase one{.format = format, .m = 131, .n = 45, .k = 67, .operands = operands, .a_gap = 1, .b_gap = 1};
      for (one.c_gap = 0; one.c_gap < 3; ++one.c_gap) {
        one.a_gap = one.c_gap + 1;
        one.b_gap = one.c_gap == 2 ? up_to_vectors(format, second_transposed(operands) ? one.k : one.n) : one.a_gap;
        one.shift = one.c_gap == 1 ? 1 : 0;
        ASSERT_EQ(run(device, one, small), "");
      }
    }
  const ProductCase one{.m = 20, .n = 21, .k = 75, .operands = Operands::nt};
  on_every_schedule([&](const Device& every) { EXPECT_EQ(run(every, one, middle), ""); });
}

DEVICE_TEST(RingGemm, Epilogues) {
  const Device device;
  for (const Precision format : formats)
    for (const bool vectors : {true, false})
      for (const int parts : {1, 3}) {
        ProductCase one{.format = format, .m = 35, .n = 43, .k = 150, .alpha = 0.25F, .bias = true, .aux = true};
        one = aligned(one);
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
DEVICE_TEST(RingGemm, SumsInParts) {
  for (const Precision format : formats)
    for (const int parts : {2, 3, 7}) {
      const ProductCase one = aligned({.format = format,
                                       .m = 66,
                                       .n = 52,
                                       .k = 4 * cuda::ring_tiles(format)[small].k - 1,
                                       .operands = Operands::tn});
      const Device device;
      EXPECT_EQ(run(device, one, small, parts), "");
    }
  const ProductCase one = aligned({.m = 30, .n = 33, .k = 300, .operands = Operands::nn});
  on_every_schedule([&](const Device& device) { EXPECT_EQ(run(device, one, middle, 4), ""); });
}

DEVICE_TEST(RingGemm, WithoutProductsThereIsTheRest) {
  const Device device;
  for (const int parts : {1, 2})
    EXPECT_EQ(run(device, {.m = 9, .n = 70, .k = 0, .beta = 2, .bias = true}, large, parts), "");
  EXPECT_NO_THROW(cuda::ring_gemm(device.stream(), {.m = 0, .n = 5, .k = 5}, large, 1, nullptr));
  EXPECT_NO_THROW(cuda::ring_gemm(device.stream(), {.m = 5, .n = 0, .k = 5}, large, 1, nullptr));
}

// Nine rows of tiles: a band and the beginning of the next.
DEVICE_TEST(RingGemm, ManyTiles) {
  EXPECT_EQ(run(Device(), aligned({.m = 9 * 64 - 5, .n = 3 * 64 - 7, .k = 21}), small), "");
}

/// What is said of a product of 8 x 8 x 8 after `change`; nothing where it is taken.
std::string refusal(const std::function<void(cuda::Product&)>& change, int tile = 0, int parts = 1) {
  const Device device;
  const auto a = device.input("a", std::vector<std::uint16_t>(80)), b = device.input("b", a.read());
  const auto c = device.changed("c", a.read());
  cuda::Product product{.m = 8, .n = 8, .k = 8, .a = {a.data(), 8}, .b = {b.data(), 8}, .c = c.data(), .c_pitch = 8};
  change(product);
  try {
    cuda::ring_gemm(device.stream(), product, tile, parts, nullptr);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

DEVICE_TEST(RingGemm, SaysWhatItDoesNotTake) {
  using testing::HasSubstr;
  EXPECT_EQ(refusal([](cuda::Product&) {}), "");
  EXPECT_THAT(refusal([](cuda::Product& p) { p.format = Precision::fp32; }), HasSubstr("no fp32"));
  EXPECT_THAT(refusal([](cuda::Product&) {}, 3), HasSubstr("no tile 3"));
  EXPECT_THAT(refusal([](cuda::Product&) {}, 0, 0), HasSubstr("0 parts"));
  EXPECT_THAT(refusal([](cuda::Product&) {}, 0, 2), HasSubstr("memory for the parts"));
  EXPECT_THAT(refusal([](cuda::Product& p) { p.m = -1; }), HasSubstr("-1"));
  EXPECT_THAT(refusal([](cuda::Product& p) { p.k = std::int64_t{1} << 31; }), HasSubstr("2147483648"));
  EXPECT_THAT(refusal([](cuda::Product& p) { p.a.pitch = 7; }), HasSubstr("rows of a product's a are 7"));
  EXPECT_THAT(refusal([](cuda::Product& p) { p.b.pitch = 7; }), HasSubstr("rows of a product's b are 7"));
  EXPECT_THAT(refusal([](cuda::Product& p) { p.c_pitch = 7; }), HasSubstr("rows of a product's c are 7"));
  EXPECT_THAT(refusal([](cuda::Product& p) { p.b.data = nullptr; }), HasSubstr("product's b is missing"));
  EXPECT_THAT(refusal([](cuda::Product& p) { p.aux = static_cast<char*>(p.c) + 1; }), HasSubstr("between elements"));
  EXPECT_THAT(refusal([](cuda::Product& p) { p.m = p.n = p.c_pitch = p.b.pitch = (std::int64_t{1} << 31) - 1; }),
              HasSubstr("more tiles"));
}

}  // namespace
}  // namespace gpubench::device_tests
