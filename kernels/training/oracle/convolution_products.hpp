#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/training/operation.hpp"
#include "kernels/training/oracle/position.hpp"

// Which products a convolution sums, in row-major indices of its operands.
namespace gpubench::training::oracle {

/// each(index of x, index of w) for every product of one element of y. @param y where that stands
template <class Each>
void for_products_of_y(const ConvolutionShape& s, const Position& y, const Each& each) {
  const std::int64_t left = y.w * s.stride - s.padding;
  const std::int64_t begin = std::max<std::int64_t>(0, -left), end = std::min(s.kernel, s.width - left);
  for (std::int64_t c = 0; c < s.in_channels; ++c)
    for (std::int64_t r = 0; r < s.kernel; ++r) {
      const std::int64_t h = y.h * s.stride + r - s.padding;
      if (h < 0 || h >= s.height) continue;
      const std::int64_t x_row = ((y.n * s.in_channels + c) * s.height + h) * s.width + left;
      const std::int64_t w_row = ((y.c * s.in_channels + c) * s.kernel + r) * s.kernel;
      for (std::int64_t i = begin; i < end; ++i) each(x_row + i, w_row + i);
    }
}

/// each(index of dy, index of w) for every product of one element of dx. @param x where that stands
template <class Each>
void for_products_of_dx(const ConvolutionShape& s, const Position& x, const Each& each) {
  const std::int64_t height = s.out_height(), width = s.out_width();
  for (std::int64_t r = 0; r < s.kernel; ++r) {
    const std::int64_t down = x.h + s.padding - r, p = down / s.stride;
    if (down < 0 || down % s.stride != 0 || p >= height) continue;
    for (std::int64_t t = 0; t < s.kernel; ++t) {
      const std::int64_t across = x.w + s.padding - t, q = across / s.stride;
      if (across < 0 || across % s.stride != 0 || q >= width) continue;
      for (std::int64_t k = 0; k < s.out_channels; ++k)
        each(((x.n * s.out_channels + k) * height + p) * width + q,
             ((k * s.in_channels + x.c) * s.kernel + r) * s.kernel + t);
    }
  }
}

}  // namespace gpubench::training::oracle
