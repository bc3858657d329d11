#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "harness/core/half.hpp"
#include "kernels/training/host/loops.hpp"

// Included by the loops alone. Everything has internal linkage: the same source is compiled for several processors, and
// a function that two of them share must never be the linker's to choose.
namespace gpubench::training::host {
namespace {

struct Bf16 {
  std::uint16_t bits;
};
struct F16 {
  std::uint16_t bits;
};

inline float load(const float* from) { return *from; }
inline float load(const Bf16* from) { return std::bit_cast<float>(static_cast<std::uint32_t>(from->bits) << 16); }
inline float load(const F16* from) { return from_half(from->bits); }

inline void store(float* to, float value) { *to = value; }
/// To nearest, ties to even. NaN stays NaN: a loss that broke must be seen.
inline void store(Bf16* to, float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  to->bits = static_cast<std::uint16_t>((bits & 0x7fffffff) > 0x7f800000 ? (bits >> 16) | 0x40 : rounded);
}
inline void store(F16* to, float value) { to->bits = to_half(value); }

/// Within 2 units in the last place; 0 below -87, the largest number above 88. By Cody and Waite's reduction and
/// Cephes' polynomial, without a branch, so that it becomes vector code.
inline float exponential(float x) {
  constexpr float to_integer = 12582912;  // 1.5 * 2^23: adding it rounds to a whole number
  const float bounded = x > 88 ? 88 : x;
  const float shifted = bounded * 1.44269504F + to_integer;
  const float n = shifted - to_integer;
  const float r = (bounded - n * 0.693359375F) + n * 2.12194440e-4F;
  float p = 1.9875691500e-4F;
  p = p * r + 1.3981999507e-3F;
  p = p * r + 8.3334519073e-3F;
  p = p * r + 4.1665795894e-2F;
  p = p * r + 1.6666665459e-1F;
  p = p * r + 5.0000001201e-1F;
  const float y = p * r * r + r + 1;
  const std::uint32_t power = (std::bit_cast<std::uint32_t>(shifted) - 0x4b400000U + 127U) << 23;
  return x < -87 ? 0 : y * std::bit_cast<float>(power);
}

/// Calls `body` with a null pointer of the type that `type` is stored as.
template <class Body>
inline void with_type(Type type, const Body& body) {
  switch (type) {
    case Type::bf16: return body(static_cast<Bf16*>(nullptr));
    case Type::f16: return body(static_cast<F16*>(nullptr));
    default: return body(static_cast<float*>(nullptr));
  }
}

template <class T>
inline const T* in(const Addresses& at, int index) {
  return static_cast<const T*>(at.inputs[index]);
}
template <class T>
inline T* out(const Addresses& at, int index) {
  return static_cast<T*>(at.outputs[index]);
}

constexpr std::int64_t columns_of_a_task = 64;  // sums over rows: each task takes a strip of columns

}  // namespace
}  // namespace gpubench::training::host
