#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "kernels/training/oracle/formats.hpp"
#include "tests/kernels/training/oracle/samples.hpp"

// The bounds let correct arithmetic pass and catch what is wrong: a narrower format in secret, a lost term, a NaN.

namespace gpubench::training::oracle {
namespace {

constexpr Format tf32_format = {.bits = 11, .lowest = -126, .overflow = f32_format.overflow};
double to_tf32(double value) { return rounded(value, tf32_format); }

Values floats(const Values& values) { return each(values, to_f32); }

/// y = x * w as FP32 hardware computes it: one term after the other into a float.
Values matrix_product(const LinearShape& s, const Values& x, const Values& w) {
  Values y;
  for (std::int64_t i = 0; i < s.rows; ++i)
    for (std::int64_t o = 0; o < s.out; ++o) {
      float sum = 0;
      for (std::int64_t j = 0; j < s.in; ++j)
        sum += static_cast<float>(x[static_cast<std::size_t>(i * s.in + j)]) *
               static_cast<float>(w[static_cast<std::size_t>(o * s.in + j)]);
      y.push_back(static_cast<double>(sum));
    }
  return y;
}

class LongSums : public testing::TestWithParam<std::int64_t> {
 protected:
  LinearForward linear{.shape = {.rows = 8, .in = GetParam(), .out = 16}};
  Values x = floats(normal(linear.shape.x(), 1)), w = floats(normal(linear.shape.w(), 2)), bias = Values(16, 0);
  std::unique_ptr<Oracle> truth = oracle_of(linear, {x, w, bias});
};

TEST_P(LongSums, OfFp32Pass) { EXPECT_EQ(disagreements(*truth, 0, matrix_product(linear.shape, x, w)), 0); }

TEST_P(LongSums, OfPositiveTermsPass) {
  const auto positive = [](double v) { return std::abs(v); };
  const Values a = each(x, positive), b = each(w, positive);
  EXPECT_EQ(disagreements(*oracle_of(linear, {a, b, bias}), 0, matrix_product(linear.shape, a, b)), 0);
}

TEST_P(LongSums, OfTf32AreCaughtAsFp32AndPassAsTf32) {
  const Values got = matrix_product(linear.shape, each(x, to_tf32), each(w, to_tf32));
  EXPECT_GT(disagreements(*truth, 0, got), 0);
  EXPECT_EQ(disagreements(*oracle_of(linear, {x, w, bias}, Precision::tf32), 0, got), 0);
}

TEST_P(LongSums, OfBf16AreCaughtAsFp32AndAsTf32) {
  const Values got = matrix_product(linear.shape, each(x, to_bf16), each(w, to_bf16));
  EXPECT_GT(disagreements(*truth, 0, got), 64);
  EXPECT_GT(disagreements(*oracle_of(linear, {x, w, bias}, Precision::tf32), 0, got), 0);
}

INSTANTIATE_TEST_SUITE_P(Lengths, LongSums, testing::Values(1, 16, 1000, 4608, 50000));

TEST(Bounds, OneLostTermInAThousandIsCaught) {
  const LinearForward o{.shape = {.rows = 16, .in = 1000, .out = 16}};
  const Values x = floats(normal(o.shape.x(), 1)), w = floats(normal(o.shape.w(), 2));
  Values lost = x;
  for (std::size_t row = 0; row < 16; ++row) lost[row * 1000 + 567] = 0;
  const auto truth = oracle_of(o, {x, w, Values(16, 0)});
  EXPECT_GT(disagreements(*truth, 0, matrix_product(o.shape, lost, w)), 240);
}

TEST(Bounds, AnFp32ConvolutionComputedInBf16IsCaught) {
  const ConvolutionForward o{
      .shape = {.batch = 1, .in_channels = 16, .height = 6, .width = 6, .out_channels = 8, .kernel = 3, .padding = 1}};
  const Values x = floats(normal(o.shape.x(), 1)), w = floats(normal(o.shape.w(), 2));
  const auto truth = oracle_of(o, {x, w});
  EXPECT_EQ(disagreements(*truth, 0, floats(outputs_of(o, {x, w})[0])), 0);
  EXPECT_GT(disagreements(*truth, 0, floats(outputs_of(o, {each(x, to_bf16), each(w, to_bf16)})[0])), 250);
  EXPECT_GT(disagreements(*truth, 0, floats(outputs_of(o, {each(x, to_tf32), each(w, to_tf32)})[0])), 250);
}

TEST(Bounds, ABf16OutputMayBeRoundedOnceAndNotCutOff) {
  const Accumulate o{.shape = {1000}, .type = Type::bf16};
  const Values a = each(normal(1000, 1), to_bf16), b = each(normal(1000, 2), to_bf16);
  const auto truth = oracle_of(o, {a, b});
  const Values sum = outputs_of(o, {a, b})[0];
  EXPECT_EQ(disagreements(*truth, 0, each(sum, to_bf16)), 0);
  const auto cut = [](double v) { return std::copysign(to_bf16(std::abs(v) - half_ulp(v, bf16_format)), v); };
  EXPECT_GT(disagreements(*truth, 0, each(sum, cut)), 100);
}

TEST(Bounds, ANanAgreesWithNothing) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(agrees(nan, {.value = 0, .bound = 1e30}));
  EXPECT_FALSE(agrees(1, {.value = nan, .bound = 1e30}));
  EXPECT_FALSE(agrees(1, {.value = 1 + 1e-9, .bound = nan}));
}

TEST(Bounds, AnFp16OverflowIsAnInfinityAndNothingElse) {
  const Accumulate o{.shape = {1}, .type = Type::f16};
  const Truth truth = oracle_of(o, {{-40000}, {-40000}})->at(0, 0);
  EXPECT_TRUE(agrees(-std::numeric_limits<double>::infinity(), truth));
  EXPECT_FALSE(agrees(-80000, truth));
  EXPECT_FALSE(agrees(-65504, truth));
}

TEST(Bounds, AGradientScaledByNineTenthsIsCaught) {
  const ConvolutionWeightGradient o{
      .shape = {.batch = 2, .in_channels = 3, .height = 8, .width = 8, .out_channels = 4, .kernel = 3, .padding = 1},
      .type = Type::bf16};
  const Values x = each(normal(o.shape.x(), 1), to_bf16), dy = each(normal(o.shape.y(), 2), to_bf16);
  const Values right = floats(outputs_of(o, {x, dy})[0]);
  const auto truth = oracle_of(o, {x, dy});
  EXPECT_EQ(disagreements(*truth, 0, right), 0);
  EXPECT_GT(disagreements(*truth, 0, each(right, [](double v) { return 0.9 * v; })), 100);
}

/// Mean and variance of one channel, with floats throughout and the squares' mean less the mean's square.
struct Moments {
  float mean = 0, variance = 0;
};
Moments float_moments(const Values& x) {
  float sum = 0, squares = 0;
  for (const double v : x) {
    sum += static_cast<float>(v);
    squares += static_cast<float>(v) * static_cast<float>(v);
  }
  const auto count = static_cast<float>(x.size());
  return {.mean = sum / count, .variance = squares / count - (sum / count) * (sum / count)};
}

TEST(Bounds, BatchNormWithFloatStatisticsPassesAndWithABf16MeanIsCaught) {
  const BatchNormForward o{.shape = {4, 1, 64, 64}};
  const Values x = floats(each(normal(o.shape, 1), [](double v) { return v + 20.06; }));
  const auto truth = oracle_of(o, {x, {1.5}, {0.5}});
  const auto normalised = [&](float mean, float variance) {
    return each(x, [=](double v) {
      return static_cast<double>(1.5F * (static_cast<float>(v) - mean) / std::sqrt(variance + 1e-5F) + 0.5F);
    });
  };
  const auto [mean, variance] = float_moments(x);
  EXPECT_EQ(disagreements(*truth, 0, normalised(mean, variance)), 0);
  EXPECT_EQ(disagreements(*truth, 1, {static_cast<double>(mean)}), 0);
  EXPECT_EQ(disagreements(*truth, 2, {static_cast<double>(variance)}), 0);
  const auto narrow = static_cast<float>(to_bf16(static_cast<double>(mean)));
  EXPECT_GT(disagreements(*truth, 0, normalised(narrow, variance)), 8000);
}

}  // namespace
}  // namespace gpubench::training::oracle
