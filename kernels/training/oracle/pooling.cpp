#include <cmath>
#include <memory>

#include "harness/core/error.hpp"
#include "kernels/training/oracle/bound.hpp"
#include "kernels/training/oracle/oracles.hpp"
#include "kernels/training/oracle/position.hpp"

namespace gpubench::training::oracle {
namespace {

/// Where the maximum of an output's window stands in x: the first in row-major order, never in the padding. A NaN wins,
/// so that it is not lost.
std::int64_t maximum(const Numbers& x, const PoolShape& s, const Position& y) {
  std::int64_t best = -1;
  for (std::int64_t r = 0; r < s.kernel; ++r) {
    const std::int64_t h = y.h * s.stride + r - s.padding;
    if (h < 0 || h >= s.height) continue;
    for (std::int64_t t = 0; t < s.kernel; ++t) {
      const std::int64_t w = y.w * s.stride + t - s.padding;
      if (w < 0 || w >= s.width) continue;
      const std::int64_t i = ((y.n * s.channels + y.c) * s.height + h) * s.width + w;
      if (best < 0 || x[i] > x[best] || std::isnan(x[i])) best = i;
    }
  }
  if (best < 0) throw Error("A pooling window lies in the padding altogether.");
  return best;
}

/// Bound: a maximum is a copy.
class MaxForward : public Oracle {
 public:
  MaxForward(const MaxPoolForward& o, const Given& given) : o_(o), x_(given.inputs[0]) {}

  Truth at(int output, std::int64_t element) override {
    if (output > 0) throw Error("The choice of maximum has no truth: only the device understands it.");
    const PoolShape& s = o_.shape;
    return copied(o_.type, x_[maximum(x_, s, position(element, s.channels, s.out_height(), s.out_width()))]);
  }

 private:
  MaxPoolForward o_;
  Numbers x_;
};

/// Bound: the sum over the windows that an element won, and one rounding. Libraries add these few terms where the
/// result is stored, in its format (oneDNN's bf16 kernel does): each addition may round once more.
class MaxBackward : public Oracle {
 public:
  MaxBackward(const MaxPoolBackward& o, const Given& given) : o_(o), x_(given.inputs[0]), dy_(given.inputs[2]) {}

  Truth at(int /*output*/, std::int64_t element) override {
    const PoolShape& s = o_.shape;
    const Position x = position(element, s.channels, s.height, s.width);
    Sum sum;
    double total = 0, rounding = 0;
    for (std::int64_t p = first(x.h); p < s.out_height() && p * s.stride <= x.h + s.padding; ++p)
      for (std::int64_t q = first(x.w); q < s.out_width() && q * s.stride <= x.w + s.padding; ++q)
        if (maximum(x_, s, {.n = x.n, .c = x.c, .h = p, .w = q}) == element) {
          const double gradient = dy_[((x.n * s.channels + x.c) * s.out_height() + p) * s.out_width() + q];
          sum.add(gradient);
          if (total > 0) rounding += half_ulp(total + std::abs(gradient), format_of(o_.type));
          total += std::abs(gradient);
        }
    return stored(o_.type, sum.value(), sum.error() + rounding);
  }

 private:
  /// The first window, along one axis, that reaches `at`.
  std::int64_t first(std::int64_t at) const {
    const std::int64_t over = at + o_.shape.padding - o_.shape.kernel;
    return over < 0 ? 0 : over / o_.shape.stride + 1;
  }

  MaxPoolBackward o_;
  Numbers x_, dy_;
};

/// Bound: the FP32 sum divided by the area, and one rounding.
class AverageForward : public Oracle {
 public:
  AverageForward(const AveragePoolForward& o, const Given& given)
      : type_(o.type), area_(o.shape[2] * o.shape[3]), x_(given.inputs[0]) {}

  Truth at(int /*output*/, std::int64_t element) override {
    Sum sum;
    for (std::int64_t i = element * area_; i < (element + 1) * area_; ++i) sum.add(x_[i]);
    const auto area = static_cast<double>(area_);
    return stored(type_, sum.value() / area, (sum.error() + 2 * u * std::abs(sum.value())) / area);
  }

 private:
  Type type_;
  std::int64_t area_;
  Numbers x_;
};

/// Bound: one FP32 division, or a reciprocal and a product, and one rounding.
class AverageBackward : public Oracle {
 public:
  AverageBackward(const AveragePoolBackward& o, const Given& given)
      : type_(o.type), area_(o.shape[2] * o.shape[3]), dy_(given.inputs[0]) {}

  Truth at(int /*output*/, std::int64_t element) override {
    const double value = dy_[element / area_] / static_cast<double>(area_);
    return stored(type_, value, 2 * u * std::abs(value));
  }

 private:
  Type type_;
  std::int64_t area_;
  Numbers dy_;
};

}  // namespace

std::unique_ptr<Oracle> make(const MaxPoolForward& operation, const Given& given) {
  return std::make_unique<MaxForward>(operation, given);
}
std::unique_ptr<Oracle> make(const MaxPoolBackward& operation, const Given& given) {
  return std::make_unique<MaxBackward>(operation, given);
}
std::unique_ptr<Oracle> make(const AveragePoolForward& operation, const Given& given) {
  return std::make_unique<AverageForward>(operation, given);
}
std::unique_ptr<Oracle> make(const AveragePoolBackward& operation, const Given& given) {
  return std::make_unique<AverageBackward>(operation, given);
}

}  // namespace gpubench::training::oracle
