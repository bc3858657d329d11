#include <gtest/gtest.h>

#include "kernels/training/oracle/oracle.hpp"

// By hand: two images of one channel and 1x2 pixels, one 1x1 filter.

namespace gpubench::training::oracle {
namespace {

using Fusion = FusedConvolution::Fusion;

constexpr ConvolutionShape shape{.batch = 2, .height = 1, .width = 2, .out_channels = 1};
const std::vector<float> x{1, -2, 3, 0.5F}, w{-2}, two{2}, one{1};

std::unique_ptr<Oracle> oracle(Fusion fusion, const std::vector<const std::vector<float>*>& inputs) {
  std::vector<Numbers> numbers;
  for (const auto* values : inputs) numbers.emplace_back(std::span<const float>(*values));
  return oracle_of(FusedConvolution{shape, Type::bf16, fusion}, std::move(numbers));
}

std::vector<double> values(Oracle& oracle, int output, std::int64_t count) {
  std::vector<double> found;
  for (std::int64_t i = 0; i < count; ++i) found.push_back(oracle.at(output, i).value);
  return found;
}

TEST(FusedConvolutionOracle, SumsOfAChannelAreOverAllImages) {
  const auto found = oracle(Fusion::statistics, {&x, &w});
  EXPECT_EQ(values(*found, 0, 4), (std::vector<double>{-2, 4, -6, -1}));
  EXPECT_EQ(values(*found, 1, 1), std::vector<double>{-5});
  EXPECT_EQ(values(*found, 2, 1), std::vector<double>{4 + 16 + 36 + 1});
}

TEST(FusedConvolutionOracle, TheInputIsScaledShiftedAndCutOffAtZero) {
  const auto found = oracle(Fusion::normalised_statistics, {&x, &w, &two, &one});  // of 2x + 1: 3, -3, 7, 2
  EXPECT_EQ(values(*found, 0, 4), (std::vector<double>{-6, 0, -14, -4}));
  EXPECT_EQ(values(*found, 1, 1), std::vector<double>{-24});
  EXPECT_EQ(values(*found, 2, 1), std::vector<double>{36 + 196 + 16});
}

TEST(FusedConvolutionOracle, BiasComesBeforeTheCut) {
  EXPECT_EQ(values(*oracle(Fusion::bias_relu, {&x, &w, &two}), 0, 4), (std::vector<double>{0, 6, 0, 1}));
}

TEST(FusedConvolutionOracle, NoGradientPassesWhereTheOtherIsNotPositive) {
  const std::vector<float> a{1, 0, -1, 2};
  EXPECT_EQ(values(*oracle(Fusion::relu_gradient, {&x, &w, &a}), 0, 4), (std::vector<double>{-2, 0, 0, -1}));
}

/// A product that lies between two numbers of the format may fall to either side; the bound has room for that.
TEST(FusedConvolutionOracle, AnInputThatRoundsEitherWayIsNotAnError) {
  const std::vector<float> scale{1.00390625F}, shift{0};  // 1 + 2^-8: halfway to the next bf16
  const std::vector<float> ones{1, 1, 1, 1};
  const Truth found = oracle(Fusion::normalised_statistics, {&ones, &w, &scale, &shift})->at(0, 0);
  EXPECT_TRUE(agrees(-2, found));
  EXPECT_TRUE(agrees(-2.015625, found));  // of 1 + 2^-7
  EXPECT_FALSE(agrees(-2.05, found));
}

/// Sums before and after y is rounded are both right; one that misses an image is not.
TEST(FusedConvolutionOracle, ARoundedSumAgreesAndAPartOfItDoesNot) {
  const ConvolutionShape large{.batch = 4, .height = 8, .width = 8, .out_channels = 1};
  std::vector<float> many(256);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = 1 + static_cast<float>(i % 16) / 128;
  const std::vector<float> third{1.0F / 3};
  std::vector<Numbers> numbers{Numbers(std::span<const float>(many)), Numbers(std::span<const float>(third))};
  const auto found = oracle_of(FusedConvolution{large, Type::bf16, Fusion::statistics}, std::move(numbers));
  double rounded_sum = 0, part = 0;
  for (std::int64_t i = 0; i < 256; ++i) {
    const double value = static_cast<double>(many[static_cast<std::size_t>(i)]) / 3;
    rounded_sum += std::nearbyint(value * 512) / 512;  // bf16 between 1/4 and 1/2
    if (i < 192) part += value;
  }
  EXPECT_TRUE(agrees(rounded_sum, found->at(1, 0)));
  EXPECT_FALSE(agrees(part, found->at(1, 0)));
}

}  // namespace
}  // namespace gpubench::training::oracle
