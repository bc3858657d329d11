#pragma once

#include <cstdint>

namespace gpubench::training::oracle {

/// Where an element of a row-major {n, c, h, w} tensor (or {k, c, r, s} filter) stands.
struct Position {
  std::int64_t n = 0, c = 0, h = 0, w = 0;
};

inline Position position(std::int64_t element, std::int64_t channels, std::int64_t height, std::int64_t width) {
  return {.n = element / (channels * height * width),
          .c = element / (height * width) % channels,
          .h = element / width % height,
          .w = element % width};
}

}  // namespace gpubench::training::oracle
