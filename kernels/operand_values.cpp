#include "kernels/operand_values.hpp"

#include <algorithm>
#include <cmath>

#include "harness/core/error.hpp"
#include "harness/core/random.hpp"

namespace gpubench {
namespace {

std::size_t codes_of(Precision format) { return operand_width(format) == 1 ? 256 : 65536; }

/// Numbers that stand for equal shares of the distribution, half of them the others' negatives, scaled to variance 1.
/// Out of a table they are the same on a device without its logarithms and cosines, which differ in their last bits.
std::vector<float> normal_numbers(Precision format) {
  constexpr std::size_t drawn = 32768;
  const Random random(0x6e6f726d616cULL, 0);
  std::vector<double> sizes(drawn);
  for (std::size_t i = 0; i < drawn; ++i) sizes[i] = std::abs(random.normal(i));
  std::ranges::sort(sizes);

  const std::size_t half = codes_of(format) / 2;
  std::vector<double> chosen(half);
  double squares = 0;
  for (std::size_t i = 0; i < half; ++i) {
    chosen[i] = sizes[(2 * i + 1) * drawn / (2 * half)];  // the middle of each share
    squares += chosen[i] * chosen[i];
  }
  const double scale = std::sqrt(static_cast<double>(half) / squares);
  std::vector<float> numbers(2 * half);
  for (std::size_t i = 0; i < half; ++i) {
    double number = chosen[i] * scale;
    if (format == Precision::int8) number = std::min(std::nearbyint(32 * number), 127.0);
    numbers[i] = number_of(format, bits_of(format, static_cast<float>(number)));
    numbers[half + i] = -numbers[i];
  }
  return numbers;
}

const std::vector<float>& normal_table(Precision format) {
  using enum Precision;
  switch (format) {
    case fp16: {
      static const std::vector<float> numbers = normal_numbers(fp16);
      return numbers;
    }
    case bf16: {
      static const std::vector<float> numbers = normal_numbers(bf16);
      return numbers;
    }
    case fp8: {
      static const std::vector<float> numbers = normal_numbers(fp8);
      return numbers;
    }
    case int8: {
      static const std::vector<float> numbers = normal_numbers(int8);
      return numbers;
    }
    case fp32:
    case tf32: {
      static const std::vector<float> numbers = normal_numbers(fp32);
      return numbers;
    }
  }
  throw Error("a format without numbers");
}

}  // namespace

OperandNumbers::OperandNumbers(Precision format, Distribution data) : format_(format), data_(data) {
  if (data == Distribution::normal) normal_ = &normal_table(format);
}

std::vector<std::uint32_t> OperandNumbers::table() const {
  std::vector<std::uint32_t> bits;
  if (data_ == Distribution::uniform && operand_width(format_) == 4) return bits;
  bits.resize(codes_of(format_));
  for (std::size_t code = 0; code < bits.size(); ++code) bits[code] = bits_of(format_, value(code, 0));
  return bits;
}

std::string text_of(Distribution data, Precision format) {
  if (data == Distribution::zeros) return "zeros";
  if (format == Precision::int8)
    return data == Distribution::uniform ? "uniform integers from -127 to 127" : "normal integers, deviation 32";
  return data == Distribution::uniform ? "uniform, variance 1" : "normal, variance 1";
}

}  // namespace gpubench
