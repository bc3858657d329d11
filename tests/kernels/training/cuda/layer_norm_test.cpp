#include "kernels/training/cuda/layer_norm.hpp"

#include <cmath>
#include <optional>

#include "harness/core/error.hpp"
#include "tests/harness/devices/cuda/device_test.hpp"
#include "tests/kernels/training/cuda/numbers.hpp"

namespace gpubench::device_tests {
namespace {

using training::LayerNormBackward;
using training::LayerNormForward;
using training::oracle::each;
using training::oracle::normal;

template <class T>
struct Normalised {
  std::vector<T> y;
  std::vector<float> mean, variance;
};

/// x begins `offset` elements into its memory.
template <class T>
Normalised<T> forward(const Device& device,
                      const LayerNormForward& operation,
                      const Values& x,
                      const Values& scale,
                      const Values& shift,
                      std::size_t offset = 0) {
  Values shifted(offset, 0.0);
  shifted.insert(shifted.end(), x.begin(), x.end());
  const auto rows = static_cast<std::size_t>(operation.rows);
  const auto from_x = device.input("x", stored_as<T>(shifted));
  const auto from_scale = device.input("scale", stored_as<float>(scale));
  const auto from_shift = device.input("shift", stored_as<float>(shift));
  const auto y = device.output<T>("y", x.size());
  const auto mean = device.output<float>("mean", rows), variance = device.output<float>("variance", rows);
  cuda::layer_norm_forward(device.stream(), operation, from_x + offset, from_scale, from_shift, y, mean, variance);
  return {y.read(), mean.read(), variance.read()};
}

template <class T>
struct Gradients {
  std::vector<T> dx;
  std::vector<float> dscale, dshift;
};

/// @param inputs x, mean, variance, scale, dy
template <class T>
Gradients<T> backward(const Device& device, const LayerNormBackward& operation, const std::vector<Values>& inputs) {
  const auto x = device.input("x", stored_as<T>(inputs[0])), dy = device.input("dy", stored_as<T>(inputs[4]));
  const auto mean = device.input("mean", stored_as<float>(inputs[1]));
  const auto variance = device.input("variance", stored_as<float>(inputs[2]));
  const auto scale = device.input("scale", stored_as<float>(inputs[3]));
  const auto width = static_cast<std::size_t>(operation.width);
  const auto dx = device.output<T>("dx", inputs[0].size());
  const auto dscale = device.output<float>("dscale", width), dshift = device.output<float>("dshift", width);
  const auto workspace =
      device.output<float>("workspace", cuda::layer_norm_backward_workspace(operation) / sizeof(float));
  cuda::layer_norm_backward(device.stream(), operation, x, mean, variance, scale, dy, dx, dscale, dshift, workspace);
  return {dx.read(), dscale.read(), dshift.read()};
}

struct Size {
  std::int64_t rows, width;
};
// One element; a row that ends within a vector; GPT-2's, with more rows than a block has; one that is too wide for a
// warp, and ends within a vector of the narrow types.
constexpr Size sizes[] = {{1, 1}, {3, 77}, {5, 768}, {2, 1036}};

DEVICE_TEST(LayerNorm, ForwardAgreesWithTheOracle) {
  for_each_type([&]<class T>(T* /*type*/) {
    for (const auto [rows, width] : sizes) {
      SCOPED_TRACE(std::to_string(rows) + " x " + std::to_string(width));
      const LayerNormForward operation{.rows = rows, .width = width, .type = type_of<T>()};
      const Values x = rounded_to<T>(normal(rows * width, 1));
      const Values scale = rounded_to<float>(normal(width, 2)), shift = rounded_to<float>(normal(width, 3));
      const auto oracle = training::oracle::oracle_of(operation, {x, scale, shift});
      on_every_schedule([&](const Device& device) {
        const auto got = forward<T>(device, operation, x, scale, shift);
        expect_agreement(*oracle, 0, numbers(got.y));
        expect_agreement(*oracle, 1, numbers(got.mean));
        expect_agreement(*oracle, 2, numbers(got.variance));
      });
    }
  });
}

DEVICE_TEST(LayerNorm, BackwardAgreesWithTheOracleAndIsTheSameInEverySchedule) {
  for_each_type([&]<class T>(T* /*type*/) {
    for (const auto [rows, width] : sizes) {
      SCOPED_TRACE(std::to_string(rows) + " x " + std::to_string(width));
      const LayerNormBackward operation{.rows = rows, .width = width, .type = type_of<T>()};
      const std::vector<Values> inputs = {
          rounded_to<T>(normal(rows * width, 1)),
          rounded_to<float>(normal(rows, 2)),
          rounded_to<float>(each(normal(rows, 3), [](double value) { return 0.5 + value * value; })),
          rounded_to<float>(normal(width, 4)),
          rounded_to<T>(normal(rows * width, 5))};
      const auto oracle = training::oracle::oracle_of(operation, inputs);
      std::optional<Gradients<T>> first;
      on_every_schedule([&](const Device& device) {
        const auto got = backward<T>(device, operation, inputs);
        expect_agreement(*oracle, 0, numbers(got.dx));
        expect_agreement(*oracle, 1, numbers(got.dscale));
        expect_agreement(*oracle, 2, numbers(got.dshift));
        if (!first) first = got;
        EXPECT_EQ(bits(got.dx), bits(first->dx));
        EXPECT_EQ(bits(got.dscale), bits(first->dscale));
        EXPECT_EQ(bits(got.dshift), bits(first->dshift));
      });
    }
  });
}

// The last of the kernels.
DEVICE_TEST(LayerNorm, BackwardOfTheWidestRows) {
  using T = __nv_bfloat16;
  const LayerNormBackward operation{.rows = 2, .width = 4104, .type = type_of<T>()};
  const std::vector<Values> inputs = {rounded_to<T>(normal(2 * 4104, 1)),
                                      {0.125, -1},
                                      {1, 4},
                                      rounded_to<float>(normal(4104, 2)),
                                      rounded_to<T>(normal(2 * 4104, 3))};
  const auto oracle = training::oracle::oracle_of(operation, inputs);
  on_every_schedule([&](const Device& device) {
    const auto got = backward<T>(device, operation, inputs);
    expect_agreement(*oracle, 0, numbers(got.dx));
    expect_agreement(*oracle, 1, numbers(got.dscale));
    expect_agreement(*oracle, 2, numbers(got.dshift));
  });
}

// Each warp has several rows then.
DEVICE_TEST(LayerNorm, BackwardSumsOverMoreRowsThanItHasWarps) {
  const LayerNormBackward operation{.rows = 2500, .width = 6};
  const std::vector<Values> inputs = {rounded_to<float>(normal(2500 * 6, 1)),
                                      Values(2500, 0.25),
                                      Values(2500, 1.0),
                                      rounded_to<float>(normal(6, 2)),
                                      rounded_to<float>(normal(2500 * 6, 3))};
  const auto oracle = training::oracle::oracle_of(operation, inputs);
  const auto got = backward<float>(Device(), operation, inputs);
  expect_agreement(*oracle, 0, numbers(got.dx));
  expect_agreement(*oracle, 1, numbers(got.dscale));
  expect_agreement(*oracle, 2, numbers(got.dshift));
}

// The oracle's bound allows E[x^2] - E[x]^2, which here would have no correct digit left.
DEVICE_TEST(LayerNorm, VarianceOfNearlyEqualNumbers) {
  for (const std::int64_t width : {768, 1299}) {
    const LayerNormForward operation{.rows = 1, .width = width};
    const Values x = rounded_to<float>(each(normal(width, 1), [](double value) { return 1e4 + value / 10; }));
    double mean = 0, variance = 0;
    for (const double value : x) mean += value / static_cast<double>(width);
    for (const double value : x) variance += (value - mean) * (value - mean) / static_cast<double>(width);
    on_every_schedule([&, width = width](const Device& device) {
      const auto got = forward<float>(device,
                                      operation,
                                      x,
                                      Values(static_cast<std::size_t>(width), 1.0),
                                      Values(static_cast<std::size_t>(width), 0.0));
      EXPECT_NEAR(got.mean[0], mean, 1e4 * 0x1p-22);
      EXPECT_NEAR(got.variance[0], variance, variance * 1e-3);
    });
  }
}

DEVICE_TEST(LayerNorm, ReadsRowsThatBeginBetweenVectors) {
  for_each_type([&]<class T>(T* /*type*/) {
    const LayerNormForward operation{.rows = 2, .width = 64, .type = type_of<T>()};
    const Values x = rounded_to<T>(normal(2 * 64, 1)), scale(64, 2.0), shift(64, -1.0);
    const auto oracle = training::oracle::oracle_of(operation, {x, scale, shift});
    on_every_schedule([&](const Device& device) {
      expect_agreement(*oracle, 0, numbers(forward<T>(device, operation, x, scale, shift, 1).y));
    });
  });
}

DEVICE_TEST(LayerNorm, RefusesWhatItCannotNormalise) {
  const auto forward_of = [](const LayerNormForward& operation) {
    cuda::layer_norm_forward(nullptr, operation, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
  };
  EXPECT_THROW(forward_of({.rows = 0, .width = 8}), Error);
  EXPECT_THROW(forward_of({.rows = 1, .width = 8, .type = training::Type::i32}), Error);
  EXPECT_THROW(forward_of({.rows = 1, .width = 8, .epsilon = 0}), Error);
  EXPECT_THROW(forward_of({.rows = 1, .width = cuda::widest_layer_norm + 1}), Unsupported);
  EXPECT_THROW(cuda::layer_norm_backward(nullptr,
                                         {.rows = 1, .width = cuda::widest_layer_norm + 1},
                                         nullptr,
                                         nullptr,
                                         nullptr,
                                         nullptr,
                                         nullptr,
                                         nullptr,
                                         nullptr,
                                         nullptr,
                                         nullptr),
               Unsupported);
}

}  // namespace
}  // namespace gpubench::device_tests
