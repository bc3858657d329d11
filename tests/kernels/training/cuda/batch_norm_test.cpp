#include "kernels/training/cuda/batch_norm.hpp"

#include <cmath>
#include <optional>

#include "harness/core/error.hpp"
#include "tests/harness/devices/cuda/device_test.hpp"
#include "tests/kernels/training/cuda/images.hpp"
#include "tests/kernels/training/cuda/numbers.hpp"

namespace gpubench::device_tests {
namespace {

using training::BatchNormBackward;
using training::BatchNormForward;
using training::Shape;
using training::oracle::each;
using training::oracle::normal;

struct Normalised {
  Values y, mean, variance;
};

/// Values in {n, c, h, w}; x begins `offset` elements into its memory.
template <class T>
Normalised forward(const Device& device,
                   const BatchNormForward& operation,
                   const Values& x,
                   const Values& scale,
                   const Values& shift,
                   std::size_t offset = 0) {
  Values moved = channels_last(x, operation.shape);
  moved.insert(moved.begin(), offset, 0.0);
  const auto from_x = device.input("x", stored_as<T>(moved));
  const auto from_scale = device.input("scale", stored_as<float>(scale));
  const auto from_shift = device.input("shift", stored_as<float>(shift));
  const auto y = device.output<T>("y", x.size());
  const auto mean = device.output<float>("mean", scale.size()),
             variance = device.output<float>("variance", scale.size());
  const auto workspace =
      device.output<float>("workspace", cuda::batch_norm_forward_workspace(operation) / sizeof(float));
  cuda::batch_norm_forward(
      device.stream(), operation, from_x + offset, from_scale, from_shift, y, mean, variance, workspace);
  return {channels_first(numbers(y.read()), operation.shape), numbers(mean.read()), numbers(variance.read())};
}

struct Gradients {
  Values dx, dscale, dshift;
  bool operator==(const Gradients&) const = default;
};

/// @param inputs x, y, mean, variance, scale, shift, mask, dy
template <class T>
Gradients backward(const Device& device, const BatchNormBackward& operation, const std::vector<Values>& inputs) {
  const auto image = [&](const char* name, int input) {
    return device.input(name, stored_as<T>(channels_last(inputs[static_cast<std::size_t>(input)], operation.shape)));
  };
  const auto x = image("x", 0), y = image("y", 1), dy = image("dy", 7);
  const auto mean = device.input("mean", stored_as<float>(inputs[2]));
  const auto variance = device.input("variance", stored_as<float>(inputs[3]));
  const auto scale = device.input("scale", stored_as<float>(inputs[4]));
  const auto dx = device.output<T>("dx", inputs[0].size());
  const auto dscale = device.output<float>("dscale", scale.size());
  const auto dshift = device.output<float>("dshift", scale.size());
  const auto workspace =
      device.output<float>("workspace", cuda::batch_norm_backward_workspace(operation) / sizeof(float));
  cuda::batch_norm_backward(device.stream(),
                            operation,
                            x,
                            operation.relu ? y.data() : nullptr,
                            mean,
                            variance,
                            scale,
                            dy,
                            dx,
                            dscale,
                            dshift,
                            workspace);
  return {channels_first(numbers(dx.read()), operation.shape), numbers(dscale.read()), numbers(dshift.read())};
}

// One element; whole vectors, in slabs of rows of which the last is shorter; fewer channels than a vector has; vectors
// of which a block has no power of two across; more vectors than a block has across, in tiles of which the last is not
// full.
const Shape shapes[] = {{1, 1, 1, 1}, {3, 64, 13, 14}, {2, 3, 29, 31}, {3, 40, 5, 7}, {2, 264, 3, 3}, {1, 525, 2, 5}};

DEVICE_TEST(BatchNorm, ForwardAgreesWithTheOracleAndIsTheSameInEverySchedule) {
  for_each_type([]<class T>(T* /*type*/) {
    for (const Shape& shape : shapes) {
      SCOPED_TRACE(std::to_string(shape[1]) + " channels");
      const BatchNormForward operation{.shape = shape, .relu = shape[1] != 40, .type = type_of<T>()};
      const Values x = rounded_to<T>(normal(shape, 1));
      const Values scale = rounded_to<float>(normal(shape[1], 2)), shift = rounded_to<float>(normal(shape[1], 3));
      const auto oracle = training::oracle::oracle_of(operation, {x, scale, shift});
      std::optional<Normalised> first;
      on_every_schedule([&](const Device& device) {
        const auto got = forward<T>(device, operation, x, scale, shift);
        expect_agreement(*oracle, 0, got.y);
        expect_agreement(*oracle, 1, got.mean);
        expect_agreement(*oracle, 2, got.variance);
        if (!first) first = got;
        EXPECT_EQ(got.mean, first->mean);
        EXPECT_EQ(got.variance, first->variance);
      });
    }
  });
}

DEVICE_TEST(BatchNorm, BackwardAgreesWithTheOracleAndIsTheSameInEverySchedule) {
  for_each_type([]<class T>(T* /*type*/) {
    for (const Shape& shape : shapes) {
      SCOPED_TRACE(std::to_string(shape[1]) + " channels");
      const BatchNormBackward operation{.shape = shape, .relu = shape[1] != 40, .type = type_of<T>()};
      const std::vector<Values> inputs = {
          rounded_to<T>(normal(shape, 1)),
          each(rounded_to<T>(normal(shape, 2)), [](double value) { return value < 0 ? 0 : value; }),
          rounded_to<float>(normal(shape[1], 3)),
          rounded_to<float>(each(normal(shape[1], 4), [](double value) { return 0.5 + value * value; })),
          rounded_to<float>(normal(shape[1], 5)),
          Values(static_cast<std::size_t>(shape[1]), 0.0),
          {},
          rounded_to<T>(normal(shape, 6))};
      const auto oracle = training::oracle::oracle_of(operation, inputs);
      std::optional<Gradients> first;
      on_every_schedule([&](const Device& device) {
        const auto got = backward<T>(device, operation, inputs);
        expect_agreement(*oracle, 0, got.dx);
        expect_agreement(*oracle, 1, got.dscale);
        expect_agreement(*oracle, 2, got.dshift);
        if (!first) first = got;
        EXPECT_EQ(got, *first);
      });
    }
  });
}

// The oracle's bound allows E[x^2] - E[x]^2, which here would have no correct digit left.
DEVICE_TEST(BatchNorm, VarianceOfNearlyEqualNumbers) {
  const Shape shape = {2, 5, 20, 17};
  const Values x = rounded_to<float>(each(normal(shape, 1), [](double value) { return 1e4 + value; }));
  on_every_schedule([&](const Device& device) {
    const auto got = forward<float>(device, {.shape = shape}, x, Values(5, 1.0), Values(5, 0.0));
    for (std::size_t c = 0; c < 5; ++c) {
      double mean = 0, variance = 0;
      const auto visit = [&](const auto& add) {
        for (std::size_t i = 0; i < x.size(); ++i)
          if (i / 340 % 5 == c) add(x[i] / 680, x[i]);
      };
      visit([&](double share, double) { mean += share; });
      visit([&](double, double value) { variance += (value - mean) * (value - mean) / 680; });
      EXPECT_NEAR(got.mean[c], mean, 1e4 * 0x1p-22);
      EXPECT_NEAR(got.variance[c], variance, variance * 1e-3);
    }
  });
}

DEVICE_TEST(BatchNorm, ReadsArraysThatBeginBetweenVectors) {
  for_each_type([]<class T>(T* /*type*/) {
    const BatchNormForward operation{.shape = {1, 16, 3, 3}, .type = type_of<T>()};
    const Values x = rounded_to<T>(normal(operation.shape, 1)), scale(16, 2.0), shift(16, -1.0);
    const auto oracle = training::oracle::oracle_of(operation, {x, scale, shift});
    on_every_schedule([&](const Device& device) {
      expect_agreement(*oracle, 0, forward<T>(device, operation, x, scale, shift, 1).y);
    });
  });
}

DEVICE_TEST(BatchNorm, RefusesEmptyImagesAndOtherTypes) {
  EXPECT_THROW(cuda::batch_norm_forward_workspace({.shape = {1, 0, 2, 2}}), Error);
  EXPECT_THROW(cuda::batch_norm_backward_workspace({.shape = {1, 2, 2, 2}, .type = training::Type::i32}), Error);
  EXPECT_THROW(cuda::batch_norm_forward(nullptr,
                                        {.shape = {1, 1, 1, 1}, .epsilon = 0},
                                        nullptr,
                                        nullptr,
                                        nullptr,
                                        nullptr,
                                        nullptr,
                                        nullptr,
                                        nullptr),
               Error);
}

}  // namespace
}  // namespace gpubench::device_tests
