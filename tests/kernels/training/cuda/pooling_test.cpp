#include "kernels/training/cuda/pooling.hpp"

#include <cmath>
#include <limits>

#include "harness/core/error.hpp"
#include "tests/harness/devices/cuda/device_test.hpp"
#include "tests/kernels/training/cuda/images.hpp"
#include "tests/kernels/training/cuda/numbers.hpp"

namespace gpubench::device_tests {
namespace {

using training::MaxPoolForward;
using training::PoolShape;
using training::Shape;
using training::Type;
using training::oracle::each;
using training::oracle::normal;

template <class T>
struct Pooled {
  Values y, dx;
};

/// Both passes; values in {n, c, h, w}, dy begins `offset` elements into its memory.
template <class T>
Pooled<T> max_pool(
    const Device& device, const PoolShape& shape, const Values& x, const Values& dy, std::size_t offset = 0) {
  const auto from_x = device.input("x", stored_as<T>(channels_last(x, shape.x())));
  Values moved = channels_last(dy, shape.y());
  moved.insert(moved.begin(), offset, 0.0);
  const auto from_dy = device.input("dy", stored_as<T>(moved));
  const auto argmax = device.output<std::uint8_t>("argmax", cuda::max_pool_argmax_bytes(shape));
  const auto y = device.output<T>("y", dy.size()), dx = device.output<T>("dx", x.size());
  cuda::max_pool_forward(device.stream(), {.shape = shape, .type = type_of<T>()}, from_x, y, argmax);
  cuda::max_pool_backward(device.stream(), {.shape = shape, .type = type_of<T>()}, argmax, from_dy + offset, dx);
  return {channels_first(numbers(y.read()), shape.y()), channels_first(numbers(dx.read()), shape.x())};
}

template <class T>
void expect_right(const Device& device, const PoolShape& shape, const Values& x, const Values& dy, std::size_t offset) {
  const auto got = max_pool<T>(device, shape, x, dy, offset);
  const Type type = type_of<T>();
  expect_agreement(*training::oracle::oracle_of(MaxPoolForward{shape, type}, {x}), 0, got.y);
  expect_agreement(*training::oracle::oracle_of(training::MaxPoolBackward{shape, type}, {x, {}, dy}), 0, got.dx);
}

// ResNet's window, on an odd image with whole vectors, more than a block's; windows that leave some elements out, and
// overlap in other ways, with channels that are no vector; one element. Few different numbers: many windows have equal
// maxima.
constexpr PoolShape pools[] = {
    {.batch = 2, .channels = 96, .height = 9, .width = 11, .kernel = 3, .stride = 2, .padding = 1},
    {.batch = 1, .channels = 5, .height = 8, .width = 7, .kernel = 2, .stride = 3, .padding = 0},
    {.batch = 2, .channels = 11, .height = 4, .width = 6, .kernel = 4, .stride = 1, .padding = 3},
    {.batch = 1, .channels = 1, .height = 1, .width = 1, .kernel = 1, .stride = 1, .padding = 0}};

DEVICE_TEST(MaxPool, AgreesWithTheOracleAndFindsTheFirstOfEqualMaxima) {
  for_each_type([]<class T>(T* /*type*/) {
    for (const PoolShape& shape : pools) {
      SCOPED_TRACE(std::to_string(shape.channels) + " channels");
      const Values x = each(normal(shape.x(), 1), [](double value) { return std::round(value); });
      const Values dy = rounded_to<T>(normal(shape.y(), 2));
      on_every_schedule([&](const Device& device) { expect_right<T>(device, shape, x, dy, 0); });
    }
  });
}

DEVICE_TEST(MaxPool, ReadsArraysThatBeginBetweenVectors) {
  for_each_type([]<class T>(T* /*type*/) {
    const PoolShape shape{.batch = 1, .channels = 16, .height = 4, .width = 4, .kernel = 2, .stride = 2};
    const Values x = rounded_to<T>(normal(shape.x(), 1)), dy = rounded_to<T>(normal(shape.y(), 2));
    on_every_schedule([&](const Device& device) { expect_right<T>(device, shape, x, dy, 1); });
  });
}

DEVICE_TEST(MaxPool, InfinitiesAreNumbersAndNanWins) {
  constexpr double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  const PoolShape shape{.batch = 1, .channels = 1, .height = 1, .width = 8, .kernel = 2, .stride = 2, .padding = 1};
  const auto row = [&](const Values& x) {
    return max_pool<float>(Device(), shape, x, Values(cuda::max_pool_argmax_bytes(shape), 1.0));
  };
  // Windows: the first element, three pairs, the last element.
  const auto got = row({-infinity, -infinity, -infinity, infinity, 5, nan, 7, -infinity});
  EXPECT_EQ(got.y[0], -infinity);
  EXPECT_EQ(got.y[1], -infinity);
  EXPECT_EQ(got.y[2], infinity);
  EXPECT_TRUE(std::isnan(got.y[3])) << got.y[3];
  EXPECT_EQ(got.y[4], -infinity);
  EXPECT_EQ(got.dx, (Values{1, 1, 0, 1, 0, 1, 0, 1}));
  EXPECT_TRUE(std::isnan(row({0, nan, 5, 0, 0, 0, 0, 0}).y[1]));
}

DEVICE_TEST(MaxPool, RefusesWindowsThatItCannotPool) {
  EXPECT_THROW(cuda::max_pool_argmax_bytes({.height = 16, .width = 16, .kernel = 16}), Error);
  EXPECT_THROW(cuda::max_pool_argmax_bytes({.height = 4, .width = 4, .kernel = 2, .padding = 2}), Error);
  EXPECT_THROW(cuda::max_pool_argmax_bytes({.height = 2, .width = 2, .kernel = 3}), Error);
  EXPECT_EQ(cuda::max_pool_argmax_bytes(pools[0]), 2 * 96 * 5 * 6);
}

// A part of a block's channels, and more than a block's; images smaller than a block has warps, and larger.
DEVICE_TEST(AveragePool, AgreesWithTheOracleAndIsTheSameInEverySchedule) {
  for_each_type([]<class T>(T* /*type*/) {
    for (const Shape& shape : {Shape{2, 264, 7, 7}, Shape{1, 133, 3, 2}, Shape{3, 5, 1, 17}}) {
      SCOPED_TRACE(std::to_string(shape[1]) + " channels");
      const Type type = type_of<T>();
      const Shape means = {shape[0], shape[1]};
      const Values x = rounded_to<T>(normal(shape, 1)), dy = rounded_to<T>(normal(means, 2));
      const auto forward = training::oracle::oracle_of(training::AveragePoolForward{shape, type}, {x});
      const auto backward = training::oracle::oracle_of(training::AveragePoolBackward{shape, type}, {dy});
      Values first;
      on_every_schedule([&](const Device& device) {
        const auto from_x = device.input("x", stored_as<T>(channels_last(x, shape)));
        const auto from_dy = device.input("dy", stored_as<T>(dy));
        const auto y = device.output<T>("y", dy.size()), dx = device.output<T>("dx", x.size());
        cuda::average_pool_forward(device.stream(), {shape, type}, from_x, y);
        cuda::average_pool_backward(device.stream(), {shape, type}, from_dy, dx);
        const Values got = numbers(y.read());
        expect_agreement(*forward, 0, got);
        expect_agreement(*backward, 0, channels_first(numbers(dx.read()), shape));
        if (first.empty()) first = got;
        EXPECT_EQ(got, first);
      });
    }
  });
}

DEVICE_TEST(AveragePool, RefusesEmptyImagesAndOtherTypes) {
  EXPECT_THROW(cuda::average_pool_forward(nullptr, {.shape = {1, 0, 2, 2}}, nullptr, nullptr), Error);
  EXPECT_THROW(cuda::average_pool_backward(nullptr, {.shape = {1, 2, 2, 2}, .type = Type::i32}, nullptr, nullptr),
               Error);
}

}  // namespace
}  // namespace gpubench::device_tests
