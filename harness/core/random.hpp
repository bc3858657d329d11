#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace gpubench {

/// Random numbers by counter: the value at (seed, stream, index) depends on nothing else, so any number of threads may
/// fill any part of an array and the data are the same. The mixing is SplitMix64's finaliser (Steele, Lea, Flood 2014).
class Random {
 public:
  constexpr Random(std::uint64_t seed, std::uint64_t stream) : key_(mix(mix(seed) ^ (stream + golden))) {}

  constexpr std::uint64_t bits(std::uint64_t index) const { return mix(key_ + index * golden); }
  /// In (0, 1), never an end.
  constexpr double uniform(std::uint64_t index) const {
    return (static_cast<double>(bits(index) >> 11) + 0.5) * 0x1p-53;
  }
  /// Mean 0, variance 1; two independent uniforms a value (Box and Muller 1958).
  double normal(std::uint64_t index) const {
    const double radius = std::sqrt(-2 * std::log(uniform(2 * index)));
    return radius * std::cos(2 * std::numbers::pi * uniform(2 * index + 1));
  }

 private:
  static constexpr std::uint64_t golden = 0x9e3779b97f4a7c15;
  static constexpr std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
  }
  std::uint64_t key_;
};

}  // namespace gpubench
