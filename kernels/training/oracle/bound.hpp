#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "kernels/training/oracle/formats.hpp"
#include "kernels/training/oracle/oracle.hpp"

namespace gpubench::training::oracle {

inline constexpr double u = 0x1p-24;  ///< the largest relative error of one FP32 operation
/// How many standard errors, or operations, correct FP32 arithmetic may be off: room for any order of summation.
inline constexpr double safety = 8;

/// A sum in double that knows how well FP32 can form it. Each of n additions errs by at most u times the partial sum it
/// makes; the errors are independent, so they add up to about u * sqrt(n) * (largest partial sum). In another order of
/// the terms the partial sums differ by chance, hence the root of the squares. The usual sum of |terms| would be safe
/// too, but sqrt(n) times looser: TF32 products would hide in it from a few thousand terms on.
class Sum {
 public:
  void add(double term) {
    value_ += term;
    squares_ += term * term;
    peak_ = std::max(peak_, std::abs(value_));
    largest_ = std::max(largest_, std::abs(term));
    ++length_;
  }
  double value() const { return value_; }
  double norm() const { return std::sqrt(squares_); }
  double largest_term() const { return largest_; }
  double error() const { return safety * u * std::sqrt(static_cast<double>(length_)) * (peak_ + norm()); }

 private:
  double value_ = 0, squares_ = 0, peak_ = 0, largest_ = 0;
  std::int64_t length_ = 0;
};

/// The truth of an element that was computed with `error` and then stored as `type`.
inline Truth stored(Type type, double value, double error) {
  const Format& format = format_of(type);
  if (std::abs(value) - error >= format.overflow)
    return {.value = std::copysign(std::numeric_limits<double>::infinity(), value)};
  if (std::abs(value) + error >= format.overflow)
    return {.value = value, .bound = std::numeric_limits<double>::infinity()};
  // FP32 arithmetic may flush subnormals to zero; FP16 is converted to and keeps them.
  const double flushed = type == Type::f16 ? 0 : 0x1p-126;
  return {.value = value, .bound = error + std::max(half_ulp(std::abs(value) + error, format), flushed)};
}

/// The truth of an element that is copied or converted: nothing but the rounding to nearest itself, zero for a number
/// of the format.
inline Truth copied(Type type, double value) {
  const double kept = type == Type::i32 ? value : rounded(value, format_of(type));
  if (kept == value || std::isinf(kept)) return {.value = kept};
  return {.value = value, .bound = std::abs(kept - value)};
}

/// The error of a sum of products of two operands in `type`. Products of bf16 and fp16 are exact, but tensor cores cut
/// off where they add, which does not average out: four times the room. TF32 brings both operands to 11 bits: rounded,
/// a product is off by 2^-11 of itself or so, independently; cut, by as much again, all in one direction.
inline double error_of_products(const Sum& sum, Type type, Precision multiply) {
  if (type != Type::f32) return 4 * sum.error();
  if (multiply != Precision::tf32) return sum.error();
  return 4 * sum.error() + 0x1p-10 * std::abs(sum.value()) + 4 * 0x1p-11 * sum.norm();
}

/// NaN stays NaN, so that an overflow upstream is seen downstream.
inline double relu(double value) { return value < 0 ? 0 : value; }

/// What is left of an error at `value` after the ReLU.
inline double error_after_relu(double value, double error) { return value < 0 ? std::max(value + error, 0.0) : error; }

}  // namespace gpubench::training::oracle
