#include "kernels/training/cuda/step_state.hpp"

#include <limits>

#include "harness/core/error.hpp"
#include "tests/harness/devices/cuda/device_test.hpp"
#include "tests/kernels/training/cuda/numbers.hpp"
#include "tests/kernels/training/cuda/parameters.hpp"

namespace gpubench::device_tests {
namespace {

using training::StepState;
using training::Type;

constexpr double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();

const std::vector<ParameterCase> cases = {
    {.count = 1},
    {.count = 4097},
    {.count = 0},
    {.count = 5003, .gradient_type = Type::bf16},
    {.count = 77, .gradient_type = Type::f16, .gradient_offset = 3},
};

/// Gradients as large as their types can hold.
std::vector<ParameterValues> finite_values() {
  std::vector<ParameterValues> values;
  for (const ParameterCase& is : cases) {
    ParameterValues& of = values.emplace_back(parameter_values(is, 1, 1));
    const double largest = is.gradient_type == Type::f16 ? 65504 : is.gradient_type == Type::bf16 ? 0x1.fep127 : 3.4e38;
    for (double& gradient : of.gradients) gradient = gradient < 0 ? -largest : largest;
  }
  return values;
}

std::vector<float> state_after_check(const Device& device,
                                     const std::vector<ParameterValues>& values,
                                     const std::vector<float>& before) {
  const Parameters parameters(device, cases, values);
  const auto state = device.changed("state", before);
  cuda::check_finite(device.stream(), parameters.table(), state);
  return state.read();
}

DEVICE_TEST(CheckFinite, LeavesTheStateWhereAllGradientsAreFinite) {
  const std::vector<ParameterValues> values = finite_values();
  for (const float overflow : {0.0F, 1.0F})
    on_every_schedule([&](const Device& device) {
      const std::vector<float> before = {1024, 3, overflow, 5, 6};
      EXPECT_EQ(state_after_check(device, values, before), before);
    });
}

// The first and the last element of every tensor, and those next to the end of a vector and of a chunk.
DEVICE_TEST(CheckFinite, SeesOneInfinityOrNanWhereverItIs) {
  const std::vector<ParameterValues> finite = finite_values();
  for (std::size_t tensor = 0; tensor < cases.size(); ++tensor)
    for (const std::int64_t at : {std::int64_t{0}, std::int64_t{75}, std::int64_t{4096}, cases[tensor].count - 1})
      for (const double bad : {infinity, -infinity, nan}) {
        if (at < 0 || at >= cases[tensor].count) continue;
        SCOPED_TRACE("parameter " + std::to_string(tensor) + ", element " + std::to_string(at));
        std::vector<ParameterValues> values = finite;
        values[tensor].gradients[static_cast<std::size_t>(at)] = bad;
        const Device device;
        EXPECT_EQ(state_after_check(device, values, {1024, 3, 0, 5, 6}), (std::vector<float>{1024, 3, 1, 5, 6}));
      }
}

DEVICE_TEST(CheckFinite, DoesNotDependOnWhoSeesItFirst) {
  std::vector<ParameterValues> values = finite_values();
  values[1].gradients[4096] = nan;
  values[3].gradients[17] = infinity;
  on_every_schedule([&](const Device& device) {
    EXPECT_EQ(state_after_check(device, values, {1, 0, 0, 0, 0}), (std::vector<float>{1, 0, 1, 0, 0}));
  });
}

DEVICE_TEST(UpdateState, AgreesWithTheOracleInEveryCase) {
  for (const bool dynamic : {false, true})
    for (const double overflow : {0, 1})
      for (const double good_steps : {0, 1, 2}) {
        const training::UpdateState operation = {.dynamic_scale = dynamic, .growth_interval = 3};
        const Values before = {1024, good_steps, overflow, 7, 9};
        const auto oracle = training::oracle::oracle_of(operation, {before});
        on_every_schedule([&](const Device& device) {
          const auto state = device.changed("state", stored_as<float>(before));
          cuda::update_state(device.stream(), operation, state);
          expect_agreement(*oracle, 0, numbers(state.read()));
        });
      }
}

DEVICE_TEST(UpdateState, RefusesAScaleThatGrowsAllTheTime) {
  const Device device;
  EXPECT_THROW(cuda::update_state(device.stream(), {.dynamic_scale = true, .growth_interval = 0}, nullptr), Error);
}

}  // namespace
}  // namespace gpubench::device_tests
