#include "kernels/memory/cuda/passes.hpp"

#include <numeric>

#include "harness/core/error.hpp"
#include "tests/harness/devices/cuda/device_test.hpp"

namespace gpubench::device_tests {
namespace {

// Small integers: every pass is exact.
std::vector<float> numbers(std::size_t count, float first) {
  std::vector<float> values(count);
  std::iota(values.begin(), values.end(), first);
  return values;
}

std::vector<float> expected(MemoryLoop loop, const std::vector<float>& x, const std::vector<float>& y) {
  std::vector<float> to(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) switch (loop) {
      case MemoryLoop::copy: to[i] = x[i]; break;
      case MemoryLoop::scale: to[i] = 3 * x[i]; break;
      case MemoryLoop::add: to[i] = x[i] + y[i]; break;
      case MemoryLoop::triad: to[i] = x[i] + 3 * y[i]; break;
    }
  return to;
}

// More than a block; the last block and the last vector are not full.
DEVICE_TEST(MemoryPass, WritesEveryElementOnceAndNothingElse) {
  for (const MemoryLoop loop : all_memory_loops)
    for (const std::size_t count : {std::size_t{1}, std::size_t{4096}, std::size_t{9003}})
      on_every_schedule([&](const Device& device) {
        SCOPED_TRACE(std::string(name(loop)) + " of " + std::to_string(count));
        const auto x = numbers(count, 1), y = numbers(count, 100);
        const auto from_x = device.input("x", x), from_y = device.input("y", y);
        const auto to = device.output<float>("to", count);
        cuda::memory_pass(device.stream(), loop, from_x, from_y, to, static_cast<std::int64_t>(count));
        EXPECT_EQ(to.read(), expected(loop, x, y));
      });
}

DEVICE_TEST(MemoryPass, RefusesMisalignedArrays) {
  const Device device;
  const auto x = device.input("x", numbers(8, 0));
  const auto to = device.output<float>("to", 8);
  EXPECT_THROW(cuda::memory_pass(device.stream(), MemoryLoop::copy, x + 1, nullptr, to, 4), Error);
}

}  // namespace
}  // namespace gpubench::device_tests
