#pragma once

#include "tests/kernels/training/oracle/samples.hpp"

namespace gpubench::device_tests {

/// The oracle's {n, c, h, w} as the kernels have it in memory, {n, h, w, c}.
inline training::oracle::Values channels_last(const training::oracle::Values& values, const training::Shape& shape) {
  const std::int64_t channels = shape[1], area = shape[2] * shape[3];
  training::oracle::Values moved(values.size());
  for (std::int64_t i = 0; i < std::ssize(values); ++i) {
    const std::int64_t n = i / (channels * area), c = i / area % channels, place = i % area;
    moved[static_cast<std::size_t>((n * area + place) * channels + c)] = values[static_cast<std::size_t>(i)];
  }
  return moved;
}

/// The opposite.
inline training::oracle::Values channels_first(const training::oracle::Values& values, const training::Shape& shape) {
  return channels_last(values, {shape[0], shape[2] * shape[3], shape[1], 1});
}

}  // namespace gpubench::device_tests
