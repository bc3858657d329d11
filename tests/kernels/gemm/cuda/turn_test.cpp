#include "kernels/gemm/cuda/turn.hpp"

#include <cmath>
#include <numeric>

#include "tests/harness/devices/cuda/device_test.hpp"

namespace gpubench::device_tests {
namespace {

// More than a square in both directions, and neither is full.
DEVICE_TEST(Turn, RowsBecomeColumnsAndNothingElseIsWritten) {
  on_every_schedule([](const Device& device) {
    constexpr int rows = 41, columns = 75, pitch = 80, to_pitch = 44;
    std::vector<float> values(rows * pitch);
    std::iota(values.begin(), values.end(), 1.0F);
    const auto from = device.input("from", values);
    const auto to = device.output<float>("to", columns * to_pitch);
    cuda::turn(device.stream(), {from.data(), pitch}, rows, columns, to, to_pitch);
    const std::vector<float> got = to.read();
    for (int row = 0; row < columns; ++row)
      for (int column = 0; column < to_pitch; ++column) {
        const float is = got[static_cast<std::size_t>(row * to_pitch + column)];
        if (column < rows)
          ASSERT_EQ(is, values[static_cast<std::size_t>(column * pitch + row)]) << row << ' ' << column;
        else
          ASSERT_TRUE(std::isnan(is)) << row << ' ' << column;
      }
  });
}

}  // namespace
}  // namespace gpubench::device_tests
