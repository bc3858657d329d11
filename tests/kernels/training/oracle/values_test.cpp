#include <cmath>

#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "tests/kernels/training/oracle/samples.hpp"

// Each forward pass, and each backward pass with a choice in it, on numbers small enough to follow by hand.

namespace gpubench::training::oracle {
namespace {

void expect_near(const Values& got, const Values& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], expected[i], 1e-12) << "element " << i;
}

TEST(ConvolutionOracle, SlidesTheFilterWithoutFlippingIt) {
  const ConvolutionForward o{.shape = {.height = 2, .width = 3, .kernel = 2}};
  expect_near(outputs_of(o, {{1, 2, 3, 4, 5, 6}, {1, 10, 100, 1000}})[0], {5421, 6532});
}

TEST(ConvolutionOracle, StrideSkipsAndPaddingIsZero) {
  const ConvolutionForward o{.shape = {.height = 3, .width = 3, .kernel = 3, .stride = 2, .padding = 1}};
  const Values x = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  expect_near(outputs_of(o, {x, Values(9, 1)})[0], {1 + 2 + 4 + 5, 2 + 3 + 5 + 6, 4 + 5 + 7 + 8, 5 + 6 + 8 + 9});
}

TEST(ConvolutionOracle, SumsOverTheInputChannelsOfItsOwnImage) {
  const ConvolutionForward o{.shape = {.batch = 2, .in_channels = 2, .out_channels = 2}};
  expect_near(outputs_of(o, {{1, 2, 3, 4}, {1, 10, 100, 1000}})[0], {21, 2100, 43, 4300});
}

TEST(LinearOracle, IsRowTimesRowPlusBias) {
  const LinearForward o{.shape = {.rows = 2, .in = 2, .out = 3}};
  expect_near(outputs_of(o, {{1, 2, 3, 4}, {1, 0, 0, 1, 1, 1}, {10, 20, 30}})[0], {11, 22, 33, 13, 24, 37});
}

TEST(BatchNormOracle, NormalisesWithTheBiasedVarianceOfTheBatch) {
  const BatchNormForward o{.shape = {2, 2, 1, 1}, .epsilon = 0};
  const auto got = outputs_of(o, {{1, 10, 3, 50}, {2, 1}, {5, 0}});
  expect_near(got[0], {3, -1, 7, 1});
  expect_near(got[1], {2, 30});
  expect_near(got[2], {1, 400});
}

TEST(BatchNormOracle, EpsilonIsAddedToTheVarianceAndReluComesLast) {
  const BatchNormForward o{.shape = {2, 1, 1, 1}, .relu = true, .epsilon = 3};
  expect_near(outputs_of(o, {{1, 3}, {2}, {0.25}})[0], {0, 1.25});
}

TEST(BatchNormOracle, TakesTheReluFromTheSignOfY) {
  const BatchNormBackward o{.shape = {2, 1, 1, 1}, .relu = true, .epsilon = 0};
  const auto got = outputs_of(o, {{1, 3}, {0, 4}, {2}, {1}, {2}, {0}, {}, {100, 6}});
  expect_near(got[0], {0, 0});  // two points: what is left of any gradient is in the span of 1 and x
  expect_near(got[1], {6});
  expect_near(got[2], {6});
}

TEST(PoolingOracle, PaddingNeverWinsAMaximum) {
  const MaxPoolForward o{.shape = {.height = 2, .width = 2, .kernel = 3, .stride = 2, .padding = 1}};
  expect_near(outputs_of(o, {{-4, -3, -2, -1}})[0], {-1});
}

TEST(PoolingOracle, TheFirstOfEqualMaximaGetsTheGradient) {
  const MaxPoolBackward o{.shape = {.height = 2, .width = 3, .kernel = 2, .stride = 1}};
  expect_near(outputs_of(o, {{0, 7, 7, 0, 7, 0}, {}, {3, 5}})[0], {0, 8, 0, 0, 0, 0});
}

TEST(PoolingOracle, AverageIsOverTheWholeImage) {
  const AveragePoolForward forward{.shape = {1, 2, 2, 2}};
  expect_near(outputs_of(forward, {{1, 2, 3, 6, 4, 4, 4, 4}})[0], {3, 4});
  const AveragePoolBackward backward{.shape = {1, 2, 1, 2}};
  expect_near(outputs_of(backward, {{1, 4}})[0], {0.5, 0.5, 2, 2});
}

TEST(LossOracle, IsTheMeanOfMinusLogSoftmax) {
  const SoftmaxCrossEntropy o{.rows = 2, .classes = 2, .loss_scale = 8};
  const auto got = outputs_of(o, {{0, std::log(3), 1000, 1000}, {1, 0}});
  expect_near(got[0], {(std::log(4.0 / 3) + std::log(2.0)) / 2});
  expect_near(got[1], {1, -1, -2, 2});
}

TEST(LossOracle, RefusesLabelsThatAreNoClass) {
  const SoftmaxCrossEntropy o{.rows = 1, .classes = 2};
  EXPECT_THROW(outputs_of(o, {{0, 1}, {2}}), Error);
  EXPECT_THROW(outputs_of(o, {{0, 1}, {-1}}), Error);
}

TEST(SgdOracle, DividesByTheLossScaleDecaysOnlyTheFirstAndKeepsMomentum) {
  const SgdMomentum o{.count = 2, .decayed = 1, .momentum = 0.5, .decay = 0.25, .loss_scale = 4};
  const auto got = outputs_of(o, {{2, 2}, {4, 4}, {6, 6}, {0.5}});
  expect_near(got[1], {4.5, 4});
  expect_near(got[0], {2 - 2.25, 0});
}

TEST(ElementwiseOracle, AddsChoosesAndCopies) {
  const Shape shape = {1, 1, 1, 3};
  expect_near(outputs_of(AddReluForward{.shape = shape}, {{1, -2, 3}, {1, 1, -4}})[0], {2, 0, 0});
  expect_near(outputs_of(ReluBackward{.shape = shape}, {{1, 0, 2}, {5, 6, -7}})[0], {5, 0, -7});
  expect_near(outputs_of(Accumulate{.shape = shape}, {{1, -2, 3}, {1, 1, -4}})[0], {2, -1, -1});
  expect_near(outputs_of(Reorder{.from = {.shape = shape}, .to = {.shape = shape}}, {{1, -2, 3}})[0], {1, -2, 3});
}

TEST(Oracle, RefusesInputsOfWrongSizeOrNumber) {
  const LinearForward o{.shape = {.rows = 1, .in = 2, .out = 1}};
  EXPECT_THROW(outputs_of(o, {{1, 2}, {1}, {0}}), Error);
  EXPECT_THROW(outputs_of(o, {{1, 2}, {1, 2}}), Error);
}

TEST(Oracle, ReadsFloatsAsWellAsDoubles) {
  const std::vector<float> a = {1.5F, 2}, b = {1, 1};
  const auto oracle = oracle_of(Accumulate{.shape = {2}}, {Numbers(a), Numbers(b)});
  EXPECT_EQ(oracle->at(0, 0).value, 2.5);
}

}  // namespace
}  // namespace gpubench::training::oracle
