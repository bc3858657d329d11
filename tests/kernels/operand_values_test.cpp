#include "kernels/operand_values.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "harness/core/random.hpp"

namespace gpubench {
namespace {

struct Moments {
  double mean = 0, deviation = 0, largest = 0;
};
Moments moments_of(Precision format, Distribution data) {
  constexpr int draws = 20'000;
  const OperandNumbers numbers(format, data);
  const Random random(1, 0);
  double sum = 0, squares = 0, largest = 0;
  for (int draw = 0; draw < draws; ++draw)
    for (int part = 0; part < numbers.per_draw(); ++part) {
      const auto number = static_cast<double>(numbers.value(random.bits(static_cast<std::uint64_t>(draw)), part));
      EXPECT_EQ(number, static_cast<double>(number_of(format, bits_of(format, static_cast<float>(number)))))
          << "not a number of " << name(format);
      sum += number;
      squares += number * number;
      largest = std::max(largest, std::abs(number));
    }
  const double count = draws * numbers.per_draw();
  return {sum / count, std::sqrt(squares / count), largest};
}

TEST(OperandNumbers, HaveMeanZeroAndTheirDeviationInEveryFormat) {
  for (const Precision format : all_precisions)
    for (const Distribution data : {Distribution::uniform, Distribution::normal}) {
      SCOPED_TRACE(std::string(name(format)) + " " + std::string(name(data)));
      const double deviation = format != Precision::int8       ? 1
                               : data == Distribution::uniform ? 254 / std::sqrt(12.0)
                                                               : 32;
      const Moments moments = moments_of(format, data);
      EXPECT_NEAR(moments.mean, 0, 0.03 * deviation);
      EXPECT_NEAR(moments.deviation, deviation, 0.03 * deviation);
      if (data == Distribution::uniform)
        EXPECT_LE(moments.largest, 1.75 * deviation);
      else
        EXPECT_GT(moments.largest, 2.3 * deviation) << "a normal distribution has tails";
    }
}

TEST(OperandNumbers, OrAreZeros) {
  for (const Precision format : all_precisions) EXPECT_EQ(moments_of(format, Distribution::zeros).largest, 0);
}

TEST(OperandNumbers, TablesGiveTheSameNumbers) {
  for (const Precision format : all_precisions)
    for (const Distribution data : all_distributions) {
      const OperandNumbers numbers(format, data);
      const auto table = numbers.table();
      const bool arithmetic = operand_width(format) == 4 && data == Distribution::uniform;
      ASSERT_EQ(table.size(), arithmetic ? 0U : operand_width(format) == 1 ? 256U : 65536U);
      if (!arithmetic) {
        EXPECT_EQ(number_of(format, table[77]), numbers.value(77, 0)) << name(format) << ' ' << name(data);
      }
    }
}

TEST(Fp8, EveryNumberComesBack) {
  for (int bits = 0; bits < 256; ++bits)
    if ((bits & 0x7f) != 0x7f) {
      EXPECT_EQ(to_e4m3(from_e4m3(static_cast<std::uint8_t>(bits))), bits);
    }
  EXPECT_TRUE(std::isnan(from_e4m3(0x7f)));
  EXPECT_EQ(to_e4m3(std::nanf("")) & 0x7f, 0x7f);
}

// Micikevicius et al. 2022, table 1.
TEST(Fp8, HasTheNumbersOfThePaper) {
  EXPECT_EQ(from_e4m3(0x7e), 448);
  EXPECT_EQ(from_e4m3(0x08), 0x1p-6F);
  EXPECT_EQ(from_e4m3(0x01), 0x1p-9F);
  EXPECT_EQ(from_e4m3(0xb8), -1);
}

TEST(Fp8, RoundsToNearestWithTiesToEvenAndSaturates) {
  EXPECT_EQ(to_e4m3(1.0625F), to_e4m3(1.0F));   // a tie between 1 and 1.125
  EXPECT_EQ(to_e4m3(1.1875F), to_e4m3(1.25F));  // between 1.125 and 1.25
  EXPECT_EQ(to_e4m3(1.07F), to_e4m3(1.125F));
  EXPECT_EQ(to_e4m3(0x1p-10F), 0x00);  // between 0 and 2^-9
  EXPECT_EQ(to_e4m3(0x1.8p-9F), 0x02);
  EXPECT_EQ(to_e4m3(0x1.ffp-7F), 0x08);  // a subnormal that becomes normal
  EXPECT_EQ(to_e4m3(-1e9F), 0xfe);
}

}  // namespace
}  // namespace gpubench
