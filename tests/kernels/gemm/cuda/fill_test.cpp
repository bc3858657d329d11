#include "kernels/gemm/cuda/fill.hpp"

#include <cstring>
#include <numeric>

#include "kernels/operand_values.hpp"
#include "tests/harness/devices/cuda/device_test.hpp"

namespace gpubench::device_tests {
namespace {

template <class Word>
void expect_the_hosts_numbers(const Device& device, Precision format, Distribution data, std::size_t count) {
  SCOPED_TRACE(std::string(name(format)) + " " + std::string(name(data)));
  const OperandNumbers numbers(format, data);
  const Random random(7, 3);
  const auto wide = numbers.table();
  const std::vector<Word> packed(wide.begin(), wide.end());
  const auto to = device.output<Word>("operand", count);
  const auto fill = [&](const void* table) {
    cuda::fill_operand(device.stream(), to, static_cast<std::int64_t>(count), sizeof(Word), random, table);
  };
  if (packed.empty()) {
    fill(nullptr);
  } else {
    const auto table = device.input("table", packed);
    fill(static_cast<const Word*>(table));
  }
  const std::vector<Word> got = to.read();
  const auto per_draw = static_cast<std::size_t>(numbers.per_draw());
  for (std::size_t i = 0; i < count; ++i)
    ASSERT_EQ(got[i], bits_of(format, numbers.value(random.bits(i / per_draw), static_cast<int>(i % per_draw))))
        << "element " << i;
}

// More than a block, and neither the last block nor the last draw is full.
DEVICE_TEST(FillOperand, GivesTheNumbersThatTheHostHas) {
  for (const Distribution data : all_distributions)
    on_every_schedule([&](const Device& device) {
      expect_the_hosts_numbers<std::uint32_t>(device, Precision::fp32, data, 1027);
      expect_the_hosts_numbers<std::uint16_t>(device, Precision::fp16, data, 1027);
      expect_the_hosts_numbers<std::uint16_t>(device, Precision::bf16, data, 1027);
      expect_the_hosts_numbers<std::uint8_t>(device, Precision::fp8, data, 2051);
      expect_the_hosts_numbers<std::uint8_t>(device, Precision::int8, data, 2051);
    });
}

}  // namespace
}  // namespace gpubench::device_tests
