#include "kernels/training/oracle/formats.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "harness/core/random.hpp"

namespace gpubench::training::oracle {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(Formats, TiesGoToTheEvenNeighbour) {
  EXPECT_EQ(to_bf16(1 + 0x1p-8), 1);               // halfway between 1 and 1 + 2^-7
  EXPECT_EQ(to_bf16(1 + 3 * 0x1p-8), 1 + 0x1p-6);  // halfway between 1 + 2^-7 and 1 + 2^-6
  EXPECT_EQ(to_f16(1 + 0x1p-11), 1);
  EXPECT_EQ(to_f16(-1 - 3 * 0x1p-11), -1 - 0x1p-9);
  EXPECT_EQ(to_f16(2049), 2048);
  EXPECT_EQ(to_f32(1 + 0x1p-24), 1);
}

TEST(Formats, WhatIsNotATieGoesToTheNearest) {
  EXPECT_EQ(to_bf16(1 + 0x1p-8 + 0x1p-40), 1 + 0x1p-7);
  EXPECT_EQ(to_bf16(3.1415926535), 3.140625);
  EXPECT_EQ(to_f16(3.1415926535), 3.140625);
  EXPECT_EQ(to_f16(0.1), 0.0999755859375);
  EXPECT_EQ(to_f16(2 - 0x1p-12), 2);  // into the next power of two
}

TEST(Formats, SubnormalsKeepTheirSpacing) {
  EXPECT_EQ(to_f16(0x1p-24), 0x1p-24);
  EXPECT_EQ(to_f16(0x1p-25), 0);  // a tie between 0 and the smallest subnormal
  EXPECT_EQ(to_f16(0x1.8p-25), 0x1p-24);
  EXPECT_EQ(to_f16(3 * 0x1p-25), 0x1p-23);
  EXPECT_EQ(to_f16(1e-9), 0);
  EXPECT_EQ(to_bf16(0x1p-133), 0x1p-133);
  EXPECT_EQ(to_bf16(0x1p-135), 0);
  EXPECT_TRUE(std::signbit(to_f16(-1e-9)));
}

TEST(Formats, OverflowIsInfinityFromHalfAnUlpAboveTheLargest) {
  EXPECT_EQ(to_f16(65504), 65504);
  EXPECT_EQ(to_f16(65519.99), 65504);
  EXPECT_EQ(to_f16(65520), infinity);
  EXPECT_EQ(to_f16(-1e6), -infinity);
  EXPECT_EQ(to_bf16(0x1.fep127), 0x1.fep127);
  EXPECT_EQ(to_bf16(0x1.ffp127), infinity);
  EXPECT_EQ(to_f32(1e39), infinity);
}

TEST(Formats, NanAndInfinityAndZeroStayWhatTheyAre) {
  EXPECT_TRUE(std::isnan(to_f16(nan)));
  EXPECT_TRUE(std::isnan(to_bf16(nan)));
  EXPECT_EQ(to_f16(-infinity), -infinity);
  EXPECT_TRUE(std::signbit(to_bf16(-0.0)));
}

TEST(Formats, Fp32IsTheFloatOfTheCompiler) {
  const Random random(1, 1);
  for (std::uint64_t i = 0; i < 20000; ++i) {
    const double value = std::ldexp(random.normal(2 * i), static_cast<int>(random.bits(2 * i + 1) % 270) - 150);
    if (std::abs(value) >= 0x1p127) continue;
    ASSERT_EQ(to_f32(value), static_cast<double>(static_cast<float>(value))) << value;
  }
}

TEST(Formats, HalfAnUlpIsTheLargestError) {
  EXPECT_EQ(half_ulp(1, bf16_format), 0x1p-8);
  EXPECT_EQ(half_ulp(1.99, bf16_format), 0x1p-8);
  EXPECT_EQ(half_ulp(1, f16_format), 0x1p-11);
  EXPECT_EQ(half_ulp(0, f16_format), 0x1p-25);
  EXPECT_EQ(half_ulp(-4, f32_format), 0x1p-22);
}

}  // namespace
}  // namespace gpubench::training::oracle
