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

/// No overflow yet.
Values state(double scale, double taken = 0) { return {scale, 0, 0, taken, 0}; }

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
  const SoftmaxCrossEntropy o{.rows = 2, .classes = 2, .share = 2};
  const auto got = outputs_of(o, {{0, std::log(3), 1000, 1000}, {1, 0}, state(4)});
  expect_near(got[0], {(std::log(4.0 / 3) + std::log(2.0)) / 2});
  expect_near(got[1], {1, -1, -2, 2});
}

TEST(LossOracle, RefusesLabelsThatAreNoClass) {
  const SoftmaxCrossEntropy o{.rows = 1, .classes = 2};
  EXPECT_THROW(outputs_of(o, {{0, 1}, {2}, state(1)}), Error);
  EXPECT_THROW(outputs_of(o, {{0, 1}, {-1}, state(1)}), Error);
}

TEST(SgdOracle, DividesByTheLossScaleDecaysAndKeepsMomentum) {
  const SgdMomentum o{.count = 2, .momentum = 0.5, .decay = 0.25};
  const auto got = outputs_of(o, {{2, 0}, {4, 4}, {6, 6}, {0.5}, state(4)});
  expect_near(got[1], {4.5, 4});
  expect_near(got[0], {2 - 2.25, -2});
}

TEST(AdamWOracle, CorrectsItsBiasByTheUpdatesTaken) {
  const AdamW o{.count = 1, .beta1 = 0.5, .beta2 = 0.75, .epsilon = 0, .decay = 0.25};
  const auto first = outputs_of(o, {{2}, {8}, {0}, {0}, {0.5}, state(2)});
  expect_near(first[1], {2});
  expect_near(first[2], {4});
  expect_near(first[0], {2 - 0.5 * (1 + 0.5)});  // the first direction is the gradient's sign
  const auto second = outputs_of(o, {{2}, {8}, {2}, {4}, {0.5}, state(2, 1)});
  expect_near(second[1], {3});
  expect_near(second[2], {7});
  expect_near(second[0], {2 - 0.5 * (3 / 0.75 / std::sqrt(7 / 0.4375) + 0.5)});
}

TEST(OptimizerOracles, ChangeNothingAfterAnOverflow) {
  Values overflowed = state(4);
  overflowed[StepState::overflow] = 1;
  const auto sgd = outputs_of(SgdMomentum{.count = 1}, {{2}, {INFINITY}, {6}, {0.5}, overflowed});
  EXPECT_EQ(sgd, (std::vector<Values>{{2}, {6}}));
  const auto adam = outputs_of(AdamW{.count = 1}, {{2}, {NAN}, {6}, {7}, {0.5}, overflowed});
  EXPECT_EQ(adam, (std::vector<Values>{{2}, {6}, {7}}));
}

TEST(FiniteOracle, SeesOneInfinityAndOneNaNAndForgetsNothing) {
  const CheckFinite o{.count = 3};
  EXPECT_EQ(outputs_of(o, {{1, 2, 3}, state(4)})[0], state(4));
  EXPECT_EQ(outputs_of(o, {{1, -INFINITY, 3}, state(4)})[0][StepState::overflow], 1);
  EXPECT_EQ(outputs_of(o, {{NAN, 2, 3}, state(4)})[0][StepState::overflow], 1);
  Values before = state(4);
  before[StepState::overflow] = 1;
  EXPECT_EQ(outputs_of(o, {{1, 2, 3}, before})[0][StepState::overflow], 1);
}

TEST(StateOracle, HalvesAfterAnOverflowAndDoublesAfterEnoughGoodSteps) {
  const UpdateState o{.dynamic_scale = true, .growth_interval = 2};
  //                                     scale, good, overflow, taken, skipped
  EXPECT_EQ(outputs_of(o, {{8, 0, 0, 5, 1}})[0], (Values{8, 1, 0, 6, 1}));
  EXPECT_EQ(outputs_of(o, {{8, 1, 0, 5, 1}})[0], (Values{16, 0, 0, 6, 1}));
  EXPECT_EQ(outputs_of(o, {{8, 1, 1, 5, 1}})[0], (Values{4, 0, 0, 5, 2}));
  EXPECT_EQ(outputs_of(UpdateState{}, {{1, 0, 0, 5, 0}})[0], (Values{1, 0, 0, 6, 0}));
}

TEST(LayerNormOracle, NormalisesEachRow) {
  const LayerNormForward o{.rows = 2, .width = 2, .epsilon = 0};
  const auto got = outputs_of(o, {{1, 3, 10, 30}, {1, 2}, {0, 1}});
  expect_near(got[0], {-1, 3, -1, 3});
  expect_near(got[1], {2, 20});
  expect_near(got[2], {1, 100});
}

TEST(GeluOracle, HasTheValuesOfThePaper) {
  // x Phi(x) to the three digits that the tanh keeps.
  const auto got = outputs_of(GeluForward{.shape = {4}}, {{0, 1, -1, 3}})[0];
  EXPECT_NEAR(got[0], 0, 1e-12);
  EXPECT_NEAR(got[1], 0.8413, 1e-3);
  EXPECT_NEAR(got[2], -0.1587, 1e-3);
  EXPECT_NEAR(got[3], 2.9960, 1e-3);
}

TEST(EmbeddingOracle, AddsATokensRowToItsPositions) {
  const EmbeddingShape s{.batch = 2, .sequence = 2, .vocabulary = 3, .positions = 4, .width = 1};
  expect_near(outputs_of(EmbeddingForward{s}, {{2, 0, 1, 1}, {10, 20, 30}, {1, 2, 3, 4}})[0], {31, 12, 21, 22});
  const auto back = outputs_of(EmbeddingBackward{s}, {{2, 0, 1, 1}, {1, 2, 4, 8}, {100, 200, 300}});
  expect_near(back[0], {102, 212, 301});
  expect_near(back[1], {5, 10, 0, 0});
  EXPECT_THROW(outputs_of(EmbeddingForward{s}, {{3, 0, 1, 1}, {10, 20, 30}, {1, 2, 3, 4}}), Error);
}

TEST(AttentionOracle, WeighsWhatCameBeforeBySoftmax) {
  const AttentionShape s{.batch = 1, .sequence = 2, .heads = 1, .head_size = 1};
  // q k v of two tokens; the second sees scores 0 and log 3.
  const auto got = outputs_of(AttentionForward{s}, {{5, 0, 8, 1, std::log(3), 4}})[0];
  expect_near(got, {8, 8.0 / 4 + 4.0 * 3 / 4});
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
