#include "kernels/training/cuda/softmax_cross_entropy.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "harness/core/error.hpp"
#include "tests/harness/devices/cuda/device_test.hpp"
#include "tests/kernels/training/cuda/numbers.hpp"

namespace gpubench::device_tests {
namespace {

using training::SoftmaxCrossEntropy;
using training::StepState;
using training::oracle::each;
using training::oracle::normal;

constexpr double infinity = std::numeric_limits<double>::infinity();

template <class T>
struct Result {
  float loss;
  std::vector<T> dlogits;
};

Values state_of(double loss_scale) {
  Values state(StepState::count, 0.0);
  state[StepState::loss_scale] = loss_scale;
  return state;
}

/// @param inputs logits, labels, state
template <class T>
Result<T> run(const Device& device, const SoftmaxCrossEntropy& operation, const std::vector<Values>& inputs) {
  const auto logits = device.input("logits", stored_as<float>(inputs[0]));
  const auto labels = device.input("labels", stored_as<std::int32_t>(inputs[1]));
  const auto state = device.input("state", stored_as<float>(inputs[2]));
  const auto loss = device.output<float>("loss", 1);
  const auto dlogits = device.output<T>("dlogits", inputs[0].size());
  const auto workspace =
      device.output<float>("workspace", cuda::softmax_cross_entropy_workspace(operation) / sizeof(float));
  cuda::softmax_cross_entropy(device.stream(), operation, logits, labels, state, loss, dlogits, workspace);
  return {loss.read()[0], dlogits.read()};
}

template <class T>
void expect_right_on_every_schedule(const SoftmaxCrossEntropy& operation, const std::vector<Values>& inputs) {
  const auto oracle = training::oracle::oracle_of(operation, inputs);
  std::optional<Result<T>> first;
  on_every_schedule([&](const Device& device) {
    const auto got = run<T>(device, operation, inputs);
    expect_agreement(*oracle, 0, {static_cast<double>(got.loss)});
    expect_agreement(*oracle, 1, numbers(got.dlogits));
    if (!first) first = got;
    EXPECT_EQ(got.loss, first->loss);
    EXPECT_EQ(bits(got.dlogits), bits(first->dlogits));
  });
}

Values labels_of(std::int64_t rows, std::int64_t classes) {
  Values labels;
  for (std::int64_t row = 0; row < rows; ++row)
    labels.push_back(static_cast<double>(row % 2 == 0 ? classes - 1 - row % classes : row % classes));
  return labels;
}

Values logits_of(const SoftmaxCrossEntropy& operation) {
  return rounded_to<float>(each(normal(operation.rows * operation.classes, 1), [](double x) { return 4 * x; }));
}

// Rows within one vector, which several rows share; ragged ones; ImageNet's number of classes.
DEVICE_TEST(SoftmaxCrossEntropy, AgreesWithTheOracleAndIsTheSameInEverySchedule) {
  for_each_type([]<class T>(T* /*type*/) {
    for (const auto& [rows, classes] :
         std::vector<std::pair<std::int64_t, std::int64_t>>{{1, 1}, {7, 3}, {5, 37}, {2, 1000}, {3, 1001}}) {
      SCOPED_TRACE(std::to_string(rows) + " x " + std::to_string(classes));
      const SoftmaxCrossEntropy operation{.rows = rows, .classes = classes, .type = type_of<T>(), .share = 0.5};
      expect_right_on_every_schedule<T>(operation, {logits_of(operation), labels_of(rows, classes), state_of(1024)});
    }
  });
}

// The second kernel, with all of a row in registers and with a rest; rows begin at every place within a vector.
DEVICE_TEST(SoftmaxCrossEntropy, RowsThatAreReadTwice) {
  for (const std::int64_t classes : {4097, 16391}) {
    SCOPED_TRACE(classes);
    using T = __nv_bfloat16;
    const SoftmaxCrossEntropy operation{.rows = 2, .classes = classes, .type = type_of<T>()};
    expect_right_on_every_schedule<T>(operation, {logits_of(operation), labels_of(2, classes), state_of(1)});
  }
}

// More rows than the block that adds them has threads.
DEVICE_TEST(SoftmaxCrossEntropy, MeanOfManyRows) {
  const SoftmaxCrossEntropy operation{.rows = 700, .classes = 2};
  const std::vector<Values> inputs = {logits_of(operation), labels_of(700, 2), state_of(1)};
  const auto oracle = training::oracle::oracle_of(operation, inputs);
  expect_agreement(*oracle, 0, {static_cast<double>(run<float>(Device(), operation, inputs).loss)});
}

DEVICE_TEST(SoftmaxCrossEntropy, LargeLogitsAndExcludedClasses) {
  Values logits = logits_of({.rows = 4, .classes = 37});
  logits[5] = 1e4;                                          // of row 0: the others have no probability left
  for (std::size_t i = 37; i < 74; ++i) logits[i] -= 1e4;   // of row 1: all are far below zero
  for (std::size_t i = 74; i < 111; ++i) logits[i] += 1e4;  // of row 2: far above
  for (std::size_t i = 111; i < 130; ++i) logits[i] = -infinity;
  logits = rounded_to<float>(logits);
  for_each_type([&]<class T>(T* /*type*/) {
    const SoftmaxCrossEntropy operation{.rows = 4, .classes = 37, .type = type_of<T>()};
    // The oracle's bound of a row grows with its logits, infinite ones included: what is known exactly is beside it.
    on_every_schedule([&](const Device& device) {
      const auto got = run<T>(device, operation, {logits, {4, 3, 2, 36}, state_of(4)});
      const Values gradient = numbers(got.dlogits);
      for (std::size_t i = 0; i < 37; ++i) EXPECT_EQ(gradient[i], i == 5 ? 1 : i == 4 ? -1 : 0) << i;
      for (std::size_t i = 111; i < 130; ++i) EXPECT_EQ(gradient[i], 0) << i;
      double expected = 1e4 - logits[4];
      for (const auto& [row, label] : {std::pair{1, 3}, std::pair{2, 2}, std::pair{3, 36}}) {
        const double* const of = logits.data() + row * 37;
        const double top = *std::max_element(of, of + 37);
        double sum = 0;
        for (int i = 0; i < 37; ++i) sum += std::exp(of[i] - top);
        expected += top + std::log(sum) - of[label];
        for (int i = 0; i < 37; ++i)
          EXPECT_NEAR(gradient[static_cast<std::size_t>(row * 37 + i)],
                      std::exp(of[i] - top) / sum - (i == label ? 1 : 0),
                      type_of<T>() == training::Type::f32 ? 1e-6 : 4e-3)
              << row << ", " << i;
      }
      EXPECT_NEAR(got.loss, expected / 4, expected * 1e-6);
    });
  });
}

DEVICE_TEST(SoftmaxCrossEntropy, WhatIsNotANumberIsSeenInTheLoss) {
  const SoftmaxCrossEntropy operation{.rows = 2, .classes = 9};
  const auto loss = [&](double logit, double label) {
    Values logits(18, 1.0);
    logits[3] = logit;
    return run<float>(Device(), operation, {logits, {label, 0}, state_of(1)}).loss;
  };
  EXPECT_TRUE(std::isnan(loss(std::numeric_limits<double>::quiet_NaN(), 0)));
  EXPECT_TRUE(std::isnan(loss(infinity, 0)));
  EXPECT_TRUE(std::isnan(loss(1, -1)));
  EXPECT_TRUE(std::isnan(loss(1, 9)));
  EXPECT_FALSE(std::isnan(loss(1, 8)));
}

DEVICE_TEST(SoftmaxCrossEntropy, RefusesEmptyShapesAndOtherTypes) {
  const auto run_of = [](const SoftmaxCrossEntropy& operation) {
    cuda::softmax_cross_entropy(nullptr, operation, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
  };
  EXPECT_THROW(run_of({.rows = 0, .classes = 2}), Error);
  EXPECT_THROW(run_of({.rows = 1, .classes = 2, .type = training::Type::i32}), Error);
}

}  // namespace
}  // namespace gpubench::device_tests
