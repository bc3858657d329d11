#include "kernels/training/cuda/optimizer.hpp"

#include <limits>

#include "harness/core/error.hpp"
#include "tests/harness/devices/cuda/device_test.hpp"
#include "tests/kernels/training/cuda/numbers.hpp"
#include "tests/kernels/training/cuda/parameters.hpp"

namespace gpubench::device_tests {
namespace {

using training::AdamW;
using training::SgdMomentum;
using training::StepState;
using training::Type;

constexpr float rate = 0.05F;

// One element; a vector that is not full; a full chunk; one and a bit, with every type of gradient and copy; arrays
// that begin between vectors, together and one alone.
const std::vector<ParameterCase> cases = {
    {.count = 1, .decay = 0.1},
    {.count = 4096, .has_copy = true},
    {.count = 0},
    {.count = 4099, .gradient_type = Type::bf16, .decay = 0.1, .has_copy = true},
    {.count = 1030, .gradient_type = Type::f16, .has_copy = true, .copy_type = Type::f16},
    {.count = 2051, .decay = 0.5, .has_copy = true, .copy_type = Type::f16, .offset = 3},
    {.count = 130, .gradient_type = Type::bf16, .has_copy = true, .gradient_offset = 1},
    {.count = 130, .gradient_type = Type::f16, .has_copy = true, .copy_offset = 3},
};

std::vector<ParameterValues> all_values(double loss_scale) {
  std::vector<ParameterValues> values;
  for (std::size_t i = 0; i < cases.size(); ++i) values.push_back(parameter_values(cases[i], 10 * i, loss_scale));
  return values;
}

void enqueue(const Device& device, const SgdMomentum& o, const Parameters& p, const float* rates, const float* state) {
  cuda::sgd_momentum(device.stream(), o, p.table(), rates, state);
}
void enqueue(const Device& device, const AdamW& o, const Parameters& p, const float* rates, const float* state) {
  cuda::adam_w(device.stream(), o, p.table(), rates, state);
}

std::vector<Values> inputs_of(const SgdMomentum& /*operation*/, const ParameterValues& of) {
  return {of.weights, of.gradients, of.first};
}
std::vector<Values> inputs_of(const AdamW& /*operation*/, const ParameterValues& of) {
  return {of.weights, of.gradients, of.first, of.second};
}

/// The copy is the new weights, rounded.
void expect_copy(const ParameterCase& is, const std::vector<float>& weights, const std::vector<std::uint16_t>& copy) {
  std::vector<std::uint16_t> expected;
  for (const float weight : weights)
    if (!is.has_copy)
      expected.push_back(0xffff);
    else if (is.copy_type == Type::bf16)
      expected.push_back(std::bit_cast<std::uint16_t>(stored_as<__nv_bfloat16>({weight})[0]));
    else
      expected.push_back(std::bit_cast<std::uint16_t>(stored_as<__half>({weight})[0]));
  EXPECT_EQ(copy, expected);
}

template <class Operation>
void expect_right(Operation operation, const Values& state) {
  const std::vector<ParameterValues> values = all_values(state[StepState::loss_scale]);
  on_every_schedule([&](const Device& device) {
    const Parameters parameters(device, cases, values);
    const auto rates = device.input("rate", std::vector<float>{rate});
    const auto states = device.input("state", stored_as<float>(state));
    enqueue(device, operation, parameters, rates, states);
    for (std::size_t i = 0; i < cases.size(); ++i) {
      SCOPED_TRACE("parameter " + std::to_string(i));
      operation.count = cases[i].count;
      operation.decay = cases[i].decay;
      std::vector<Values> inputs = inputs_of(operation, values[i]);
      inputs.push_back({rate});
      inputs.push_back(state);
      const auto oracle = training::oracle::oracle_of(operation, inputs);
      expect_agreement(*oracle, 0, numbers(parameters.weights(i)));
      expect_agreement(*oracle, 1, numbers(parameters.first(i)));
      if constexpr (std::is_same_v<Operation, AdamW>) {
        expect_agreement(*oracle, 2, numbers(parameters.second(i)));
      } else {
        EXPECT_EQ(numbers(parameters.second(i)), values[i].second);
      }
      expect_copy(cases[i], parameters.weights(i), parameters.copy(i));
    }
  });
}

DEVICE_TEST(Optimizer, SgdUpdatesAllParametersAsTheOracleDoes) {
  expect_right(SgdMomentum{}, {1, 0, 0, 0, 0});
  expect_right(SgdMomentum{.momentum = 0}, {1024, 7, 0, 3, 1});
}

// What is left of the bias after one step and after many.
DEVICE_TEST(Optimizer, AdamUpdatesAllParametersAsTheOracleDoes) {
  for (const double taken : {0, 9, 100'000}) expect_right(AdamW{}, {1024, 5, 0, taken, 2});
  expect_right(AdamW{.beta1 = 0, .beta2 = 0.999, .epsilon = 1e-3}, {1, 0, 0, 1, 0});
}

DEVICE_TEST(Optimizer, NothingChangesAfterAnOverflow) {
  std::vector<ParameterValues> values = all_values(1);
  values[0].gradients[0] = std::numeric_limits<double>::infinity();
  on_every_schedule([&](const Device& device) {
    const Parameters parameters(device, cases, values);
    const auto rates = device.input("rate", std::vector<float>{rate});
    const auto state = device.input("state", std::vector<float>{1, 0, 1, 0, 0});
    cuda::sgd_momentum(device.stream(), {}, parameters.table(), rates, state);
    cuda::adam_w(device.stream(), {}, parameters.table(), rates, state);
    for (std::size_t i = 0; i < cases.size(); ++i) {
      EXPECT_EQ(numbers(parameters.weights(i)), values[i].weights);
      EXPECT_EQ(numbers(parameters.first(i)), values[i].first);
      EXPECT_EQ(numbers(parameters.second(i)), values[i].second);
      EXPECT_EQ(parameters.copy(i), std::vector<std::uint16_t>(values[i].weights.size(), 0xffff));
    }
  });
}

// The model's weights do not depend on which block came first.
DEVICE_TEST(Optimizer, GivesTheSameBitsInEverySchedule) {
  const std::vector<ParameterValues> values = all_values(1);
  std::vector<std::uint32_t> first_seen;
  on_every_schedule([&](const Device& device) {
    const Parameters parameters(device, cases, values);
    const auto rates = device.input("rate", std::vector<float>{rate});
    const auto state = device.input("state", std::vector<float>{1, 0, 0, 0, 0});
    cuda::adam_w(device.stream(), {}, parameters.table(), rates, state);
    const std::vector<std::uint32_t> now = bits(parameters.weights(3));
    if (first_seen.empty()) first_seen = now;
    EXPECT_EQ(now, first_seen);
  });
}

DEVICE_TEST(Optimizer, RefusesRulesThatDiverge) {
  const Device device;
  EXPECT_THROW(cuda::sgd_momentum(device.stream(), {.momentum = -1}, {}, nullptr, nullptr), Error);
  EXPECT_THROW(cuda::adam_w(device.stream(), {.beta1 = 1}, {}, nullptr, nullptr), Error);
  EXPECT_THROW(cuda::adam_w(device.stream(), {.beta2 = -0.1}, {}, nullptr, nullptr), Error);
  EXPECT_THROW(cuda::adam_w(device.stream(), {.epsilon = -1}, {}, nullptr, nullptr), Error);
  EXPECT_NO_THROW(cuda::adam_w(device.stream(), {}, {}, nullptr, nullptr)) << "a model without parameters";
}

}  // namespace
}  // namespace gpubench::device_tests
