#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <type_traits>
#include <vector>

#include "harness/devices/cuda/ptx/formats.cuh"

// Numbers of every format that Tensor Cores multiply, and what a product of them has to be.

namespace gpubench::device_tests {

inline double number(__nv_bfloat16 value) { return double{static_cast<float>(value)}; }
inline double number(__half value) { return double{static_cast<float>(value)}; }
inline double number(__nv_fp8_e4m3 value) { return double{static_cast<float>(value)}; }
inline double number(__nv_fp8_e5m2 value) { return double{static_cast<float>(value)}; }
inline double number(std::int8_t value) { return value; }
inline double number(float value) { return double{value}; }
inline double number(ptx::Tf32 value) { return double{value.number}; }

template <class T>
T made_of(float value) {
  return T(value);
}
template <>
inline std::int8_t made_of<std::int8_t>(float value) {
  return static_cast<std::int8_t>(std::lround(value * 100));
}
/// With the bits that are not looked at cleared.
template <>
inline ptx::Tf32 made_of<ptx::Tf32>(float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  bits &= 0xffffe000;
  std::memcpy(&value, &bits, sizeof bits);
  return {value};
}

/// Between -1 and 1, none of them equal to their neighbours.
template <class T>
std::vector<T> random_numbers(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> any(-1, 1);
  std::vector<T> values(count);
  for (T& value : values) value = made_of<T>(any(random));
  return values;
}

/// The bits of numbers, four bytes at a time.
template <class T>
std::vector<std::uint32_t> words(const std::vector<T>& values) {
  std::vector<std::uint32_t> bits(values.size() * sizeof(T) / 4);
  std::memcpy(bits.data(), values.data(), bits.size() * 4);
  return bits;
}

/// What a sum of products has to be, and how far a correct one may be off: products are exact; each addition may cut
/// off what FP32 would round. With FP8 Hopper keeps about 14 bits of a sum
/// (DeepSeek-AI 2024, DeepSeek-V3 Technical Report, 3.3.2); integers are exact.
struct Sum {
  double value = 0, bound = 0;
};

template <class T>
Sum dot(
    const T* a, const T* b, std::size_t count, double start = 0, std::size_t stride_a = 1, std::size_t stride_b = 1) {
  Sum sum{start, std::abs(start)};
  for (std::size_t k = 0; k < count; ++k) {
    const double product = number(a[k * stride_a]) * number(b[k * stride_b]);
    sum.value += product;
    sum.bound += std::abs(product);
  }
  constexpr bool eight_bits = sizeof(T) == 1;
  constexpr double unit = std::is_integral_v<T> ? 0 : eight_bits ? 0x1p-12 : 0x1p-23;
  sum.bound *= static_cast<double>(count) * unit;
  return sum;
}

}  // namespace gpubench::device_tests
