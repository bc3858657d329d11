#include "kernels/training/cuda/relu.hpp"

#include <cmath>
#include <limits>

#include "harness/core/error.hpp"
#include "tests/harness/devices/cuda/device_test.hpp"
#include "tests/kernels/training/cuda/numbers.hpp"

namespace gpubench::device_tests {
namespace {

using training::oracle::normal;

struct Outputs {
  Values y, dx;
};

/// y = max(a + b, 0), and the gradient of dy at that y. a begins `offset` elements into its memory.
template <class T>
Outputs run(const Device& device, Values a, const Values& b, const Values& dy, std::size_t offset = 0) {
  const auto count = static_cast<std::int64_t>(a.size());
  a.insert(a.begin(), offset, 0.0);
  const auto from_a = device.input("a", stored_as<T>(a)), from_b = device.input("b", stored_as<T>(b));
  const auto from_dy = device.input("dy", stored_as<T>(dy));
  const auto y = device.output<T>("y", b.size()), dx = device.output<T>("dx", b.size());
  cuda::add_relu_forward(device.stream(), type_of<T>(), from_a + offset, from_b, y, count);
  cuda::relu_backward(device.stream(), type_of<T>(), y, from_dy, dx, count);
  return {numbers(y.read()), numbers(dx.read())};
}

// One element; a vector and a bit; more than a block, whose last vector is not full.
DEVICE_TEST(Relu, AgreesWithTheOracleInEveryTypeLengthAndAlignment) {
  for_each_type([]<class T>(T* /*type*/) {
    for (const std::int64_t count : {1, 19, 4099})
      for (const std::size_t offset : {std::size_t{0}, std::size_t{3}}) {
        const training::Shape shape = {count};
        const Values a = rounded_to<T>(normal(count, 1)), b = rounded_to<T>(normal(count, 2));
        const Values dy = rounded_to<T>(normal(count, 3));
        on_every_schedule([&](const Device& device) {
          const Outputs got = run<T>(device, a, b, dy, offset);
          expect_agreement(
              *training::oracle::oracle_of(training::AddReluForward{shape, type_of<T>()}, {a, b}), 0, got.y);
          expect_agreement(
              *training::oracle::oracle_of(training::ReluBackward{shape, type_of<T>()}, {got.y, dy}), 0, got.dx);
        });
      }
  });
}

DEVICE_TEST(Relu, NanStaysAndAnInfinityIsANumber) {
  constexpr double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  for_each_type([&]<class T>(T* /*type*/) {
    const Outputs got =
        run<T>(Device(), {nan, infinity, -infinity, infinity, 0}, {1, 1, 1, -infinity, 0}, {1, nan, 2, 3, 4});
    EXPECT_TRUE(std::isnan(got.y[0]));
    EXPECT_EQ(got.y[1], infinity);
    EXPECT_EQ(got.y[2], 0);
    EXPECT_TRUE(std::isnan(got.y[3]));
    EXPECT_EQ(got.dx[0], 0);
    EXPECT_TRUE(std::isnan(got.dx[1]));
    EXPECT_EQ(got.dx[2], 0);
    EXPECT_EQ(got.dx[4], 0);
  });
}

DEVICE_TEST(Relu, RefusesWhatItCannotRead) {
  const auto backward = [](training::Type type, std::int64_t count) {
    cuda::relu_backward(nullptr, type, nullptr, nullptr, nullptr, count);
  };
  EXPECT_THROW(backward(training::Type::i32, 8), Error);
  EXPECT_THROW(backward(training::Type::f32, -1), Error);
  EXPECT_NO_THROW(backward(training::Type::f32, 0));
}

}  // namespace
}  // namespace gpubench::device_tests
