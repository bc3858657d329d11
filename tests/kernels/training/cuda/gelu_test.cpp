#include "kernels/training/cuda/gelu.hpp"

#include <cmath>
#include <limits>

#include "harness/core/error.hpp"
#include "tests/harness/devices/cuda/device_test.hpp"
#include "tests/kernels/training/cuda/numbers.hpp"

namespace gpubench::device_tests {
namespace {

using training::oracle::each;
using training::oracle::normal;

/// Both passes over `x` and `dy`, which begin `offset` elements into their memory. Outputs by pass.
template <class T>
struct Outputs {
  std::vector<T> y, dx;
};
template <class T>
Outputs<T> run(const Device& device, const Values& x, const Values& dy, std::size_t offset = 0) {
  const auto count = static_cast<std::int64_t>(x.size());
  Values all_x(offset, 0.0), all_dy(offset, 0.0);
  all_x.insert(all_x.end(), x.begin(), x.end());
  all_dy.insert(all_dy.end(), dy.begin(), dy.end());
  const auto from_x = device.input("x", stored_as<T>(all_x)), from_dy = device.input("dy", stored_as<T>(all_dy));
  const auto y = device.output<T>("y", x.size()), dx = device.output<T>("dx", x.size());
  cuda::gelu_forward(device.stream(), type_of<T>(), from_x + offset, y, count);
  cuda::gelu_backward(device.stream(), type_of<T>(), from_x + offset, from_dy + offset, dx, count);
  return {y.read(), dx.read()};
}

template <class T>
void expect_right(const Device& device, const Values& x, const Values& dy, std::size_t offset = 0) {
  const training::Shape shape = {static_cast<std::int64_t>(x.size())};
  const Outputs<T> got = run<T>(device, x, dy, offset);
  expect_agreement(*training::oracle::oracle_of(training::GeluForward{shape, type_of<T>()}, {x}), 0, numbers(got.y));
  expect_agreement(
      *training::oracle::oracle_of(training::GeluBackward{shape, type_of<T>()}, {x, dy}), 0, numbers(got.dx));
}

// One element; a vector and a bit; more than a block, whose last vector is not full.
DEVICE_TEST(Gelu, AgreesWithTheOracleInEveryTypeAndLength) {
  for_each_type([&]<class T>(T* /*type*/) {
    for (const std::int64_t count : {1, 19, 4099}) {
      const Values x = rounded_to<T>(each(normal(count, 1), [](double value) { return 3 * value; }));
      const Values dy = rounded_to<T>(normal(count, 2));
      on_every_schedule([&](const Device& device) { expect_right<T>(device, x, dy); });
    }
  });
}

DEVICE_TEST(Gelu, ReadsArraysThatBeginBetweenVectors) {
  for_each_type([&]<class T>(T* /*type*/) {
    const Values x = rounded_to<T>(normal(77, 1)), dy = rounded_to<T>(normal(77, 2));
    on_every_schedule([&](const Device& device) { expect_right<T>(device, x, dy, 3); });
  });
}

DEVICE_TEST(Gelu, HoldsWhereItIsSmallAndWhereItIsTheIdentity) {
  for_each_type([&]<class T>(T* /*type*/) {
    Values x;
    for (double size = 1e-6; size < 6e4; size *= 1.3) x.insert(x.end(), {size, -size});
    if (type_of<T>() != training::Type::f16) x.insert(x.end(), {1e20, -1e20, 3e38, -3e38});
    x = rounded_to<T>(x);
    const Values dy(x.size(), 1.0);
    on_every_schedule([&](const Device& device) { expect_right<T>(device, x, dy); });
  });
}

DEVICE_TEST(Gelu, InfinityStaysAndNanIsSeen) {
  constexpr double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  for_each_type([&]<class T>(T* /*type*/) {
    on_every_schedule([&](const Device& device) {
      const auto got = run<T>(device, {infinity, -infinity, nan, 1}, {1, 1, 1, nan});
      const Values y = numbers(got.y), dx = numbers(got.dx);
      EXPECT_EQ(y[0], infinity);
      EXPECT_TRUE(std::isnan(y[1])) << y[1];
      EXPECT_TRUE(std::isnan(y[2])) << y[2];
      EXPECT_EQ(dx[0], 1);
      EXPECT_EQ(dx[1], 0);
      EXPECT_TRUE(std::isnan(dx[2])) << dx[2];
      EXPECT_TRUE(std::isnan(dx[3])) << dx[3];
    });
  });
}

DEVICE_TEST(Gelu, RefusesWhatItCannotRead) {
  const Device device;
  const auto x = device.input("x", std::vector<float>(8));
  const auto y = device.output<float>("y", 8);
  const auto forward = [&](training::Type type, const void* from, std::int64_t count) {
    cuda::gelu_forward(device.stream(), type, from, y, count);
  };
  EXPECT_THROW(forward(training::Type::i32, x, 8), Error);
  EXPECT_THROW(forward(training::Type::f32, x, -1), Error);
  EXPECT_THROW(forward(training::Type::f32, reinterpret_cast<const char*>(x.data()) + 2, 4), Error);
  EXPECT_NO_THROW(forward(training::Type::f32, x, 0));
}

}  // namespace
}  // namespace gpubench::device_tests
