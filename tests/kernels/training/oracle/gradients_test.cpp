#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/kernels/training/oracle/samples.hpp"

// Every gradient against central differences of its forward pass: with L = sum over outputs of dy * y, a fixed dy,
// dL/dx is what the backward pass must give.

namespace gpubench::training::oracle {
namespace {

double dot(const Values& a, const Values& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// `gradient` against the slope of dy * (first output of `forward`) along each element of input `which`.
void expect_slope(
    const Operation& forward, std::vector<Values> inputs, std::size_t which, const Values& dy, const Values& gradient) {
  constexpr double step = 1e-4;
  ASSERT_EQ(gradient.size(), inputs[which].size());
  double largest = 0;
  for (const double value : gradient) largest = std::max(largest, std::abs(value));
  EXPECT_GT(largest, 0.01) << "nothing is tested";
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    const double at = inputs[which][i];
    inputs[which][i] = at + step;
    const double above = dot(dy, outputs_of(forward, inputs)[0]);
    inputs[which][i] = at - step;
    const double below = dot(dy, outputs_of(forward, inputs)[0]);
    inputs[which][i] = at;
    ASSERT_NEAR(gradient[i], (above - below) / (2 * step), 1e-6 * largest) << text(forward) << ", element " << i;
  }
}

class ConvolutionGradient : public testing::TestWithParam<ConvolutionShape> {};

TEST_P(ConvolutionGradient, AgreesWithCentralDifferences) {
  const ConvolutionShape shape = GetParam();
  const Values x = normal(shape.x(), 1), w = normal(shape.w(), 2), dy = normal(shape.y(), 3);
  const ConvolutionForward forward{.shape = shape};
  expect_slope(forward, {x, w}, 0, dy, outputs_of(ConvolutionDataGradient{.shape = shape}, {dy, w})[0]);
  expect_slope(forward, {x, w}, 1, dy, outputs_of(ConvolutionWeightGradient{.shape = shape}, {x, dy})[0]);
}

INSTANTIATE_TEST_SUITE_P(
    Shapes,
    ConvolutionGradient,
    testing::Values(
        ConvolutionShape{.batch = 1, .in_channels = 3, .height = 5, .width = 4, .out_channels = 2},
        ConvolutionShape{.batch = 2, .in_channels = 2, .height = 5, .width = 6, .out_channels = 3, .stride = 2},
        ConvolutionShape{
            .batch = 3, .in_channels = 3, .height = 4, .width = 5, .out_channels = 5, .kernel = 3, .padding = 1},
        ConvolutionShape{.batch = 2,
                         .in_channels = 1,
                         .height = 7,
                         .width = 6,
                         .out_channels = 3,
                         .kernel = 3,
                         .stride = 2,
                         .padding = 1},
        ConvolutionShape{.batch = 1,
                         .in_channels = 3,
                         .height = 9,
                         .width = 8,
                         .out_channels = 2,
                         .kernel = 7,
                         .stride = 2,
                         .padding = 3},
        ConvolutionShape{
            .batch = 1, .in_channels = 2, .height = 5, .width = 7, .out_channels = 2, .kernel = 2, .stride = 3}));

TEST(LinearGradient, AgreesWithCentralDifferences) {
  for (const LinearShape shape :
       {LinearShape{.rows = 1, .in = 5, .out = 3}, LinearShape{.rows = 3, .in = 4, .out = 7}}) {
    const Values x = normal(shape.x(), 1), w = normal(shape.w(), 2), bias = normal(shape.out, 3),
                 dy = normal(shape.y(), 4);
    const LinearForward forward{.shape = shape};
    expect_slope(forward, {x, w, bias}, 0, dy, outputs_of(LinearDataGradient{.shape = shape}, {dy, w})[0]);
    const auto parameters = outputs_of(LinearWeightGradient{.shape = shape}, {x, dy});
    expect_slope(forward, {x, w, bias}, 1, dy, parameters[0]);
    expect_slope(forward, {x, w, bias}, 2, dy, parameters[1]);
  }
}

/// Batch norm with ReLU has its kink where the normalised value passes 0: inputs whose y comes close are moved.
Values away_from_kinks(const BatchNormForward& o, Values x, const Values& scale, const Values& shift) {
  BatchNormForward plain = o;
  plain.relu = false;
  for (int round = 0; round < 20; ++round) {
    const Values y = outputs_of(plain, {x, scale, shift})[0];
    for (std::size_t i = 0; i < x.size(); ++i)
      if (std::abs(y[i]) < 0.01) x[i] += 0.1;
  }
  const Values moved = outputs_of(plain, {x, scale, shift})[0];
  for (const double y : moved) EXPECT_GE(std::abs(y), 0.01);
  return x;
}

TEST(BatchNormGradient, AgreesWithCentralDifferences) {
  for (const bool relu : {false, true})
    for (const Shape& shape : {Shape{1, 3, 3, 4}, Shape{2, 5, 3, 3}, Shape{3, 2, 1, 5}}) {
      const BatchNormForward forward{.shape = shape, .relu = relu};
      const Values scale = normal(shape[1], 2), shift = normal(shape[1], 3), dy = normal(shape, 4);
      const Values some = each(normal(shape, 1), [](double v) { return 2 * v + 3; });
      const Values x = relu ? away_from_kinks(forward, some, scale, shift) : some;
      const auto y = outputs_of(forward, {x, scale, shift});
      const auto gradient =
          outputs_of(BatchNormBackward{.shape = shape, .relu = relu}, {x, y[0], y[1], y[2], scale, shift, {}, dy});
      for (std::size_t i = 0; i < 3; ++i) expect_slope(forward, {x, scale, shift}, i, dy, gradient[i]);
    }
}

TEST(MaxPoolGradient, AgreesWithCentralDifferences) {
  for (const PoolShape& shape :
       {PoolShape{.batch = 2, .channels = 3, .height = 7, .width = 6, .kernel = 3, .stride = 2, .padding = 1},
        PoolShape{.batch = 1, .channels = 2, .height = 4, .width = 6, .kernel = 2, .stride = 2},
        PoolShape{.batch = 3, .channels = 1, .height = 5, .width = 5, .kernel = 3, .stride = 1, .padding = 1}}) {
    // Distinct multiples of 0.1 in a shuffled order: no maximum changes within the step..
    Values x(static_cast<std::size_t>(elements(shape.x())));
    ASSERT_LT(x.size(), 1009U);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = 0.1 * static_cast<double>((i + 1) * 389 % 1009) - 50;
    const Values dy = normal(shape.y(), 2);
    expect_slope(
        MaxPoolForward{.shape = shape}, {x}, 0, dy, outputs_of(MaxPoolBackward{.shape = shape}, {x, {}, dy})[0]);
  }
}

TEST(AveragePoolGradient, AgreesWithCentralDifferences) {
  const Shape shape = {2, 3, 7, 5};
  const Values x = normal(shape, 1), dy = normal(Shape{2, 3}, 2);
  expect_slope(
      AveragePoolForward{.shape = shape}, {x}, 0, dy, outputs_of(AveragePoolBackward{.shape = shape}, {dy})[0]);
}

TEST(AddReluGradient, AgreesWithCentralDifferences) {
  const Shape shape = {2, 3, 4, 5};
  const AddReluForward forward{.shape = shape};
  const Values b = normal(shape, 2), dy = normal(shape, 3);
  Values a = normal(shape, 1);
  for (std::size_t i = 0; i < a.size(); ++i)
    if (std::abs(a[i] + b[i]) < 0.01) a[i] += 0.1;
  const Values y = outputs_of(forward, {a, b})[0];
  expect_slope(forward, {a, b}, 0, dy, outputs_of(ReluBackward{.shape = shape}, {y, dy})[0]);
}

TEST(LayerNormGradient, AgreesWithCentralDifferences) {
  for (const std::int64_t rows : {1, 4}) {
    const LayerNormForward forward{.rows = rows, .width = 7};
    const Values x = normal(rows * 7, 1), scale = normal(7, 2), shift = normal(7, 3), dy = normal(rows * 7, 4);
    const auto y = outputs_of(forward, {x, scale, shift});
    const auto gradient = outputs_of(LayerNormBackward{.rows = rows, .width = 7}, {x, y[1], y[2], scale, dy});
    for (std::size_t i = 0; i < 3; ++i) expect_slope(forward, {x, scale, shift}, i, dy, gradient[i]);
  }
}

TEST(GeluGradient, AgreesWithCentralDifferences) {
  const Values x = each(normal(50, 1), [](double v) { return 2 * v; }), dy = normal(50, 2);
  expect_slope(GeluForward{.shape = {50}}, {x}, 0, dy, outputs_of(GeluBackward{.shape = {50}}, {x, dy})[0]);
}

TEST(EmbeddingGradient, AgreesWithCentralDifferences) {
  const EmbeddingShape shape{.batch = 2, .sequence = 3, .vocabulary = 4, .positions = 5, .width = 3};
  const Values tokens = {1, 3, 1, 0, 3, 3}, dy = normal(shape.y(), 3);
  const std::vector<Values> inputs = {tokens, normal(shape.table(), 1), normal(shape.position_table(), 2)};
  const auto gradient =
      outputs_of(EmbeddingBackward{shape}, {tokens, dy, Values(static_cast<std::size_t>(elements(shape.table())))});
  expect_slope(EmbeddingForward{shape}, inputs, 1, dy, gradient[0]);
  expect_slope(EmbeddingForward{shape}, inputs, 2, dy, gradient[1]);
}

TEST(AttentionGradient, AgreesWithCentralDifferences) {
  for (const AttentionShape& shape : {AttentionShape{.batch = 1, .sequence = 5, .heads = 1, .head_size = 3},
                                      AttentionShape{.batch = 2, .sequence = 4, .heads = 2, .head_size = 2}}) {
    const Values qkv = normal(shape.qkv(), 1), dy = normal(shape.y(), 2);
    expect_slope(AttentionForward{shape}, {qkv}, 0, dy, outputs_of(AttentionBackward{shape}, {qkv, {}, dy})[0]);
  }
}

TEST(LossGradient, AgreesWithCentralDifferencesTimesTheLossScale) {
  for (const std::int64_t rows : {1, 3}) {
    const SoftmaxCrossEntropy o{.rows = rows, .classes = 7, .share = 0.5};
    Values labels = {2, 6, 0};
    labels.resize(static_cast<std::size_t>(rows));
    const std::vector<Values> inputs = {normal(rows * 7, 1), labels, {16, 0, 0, 0, 0}};
    expect_slope(o, inputs, 0, {0.5 * 16}, outputs_of(o, inputs)[1]);
  }
}

}  // namespace
}  // namespace gpubench::training::oracle
