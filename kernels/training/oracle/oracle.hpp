#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "harness/core/precision.hpp"
#include "harness/result.hpp"
#include "kernels/training/operation.hpp"

namespace gpubench::training::oracle {

/// Read-only numbers in row-major order, float or double underneath. Owns nothing.
class Numbers {
 public:
  Numbers() = default;
  explicit Numbers(std::span<const float> values) : floats_(values.data()), size_(std::ssize(values)) {}
  explicit Numbers(std::span<const double> values) : doubles_(values.data()), size_(std::ssize(values)) {}

  double operator[](std::int64_t index) const {
    return floats_ != nullptr ? static_cast<double>(floats_[index]) : doubles_[index];
  }
  std::int64_t size() const { return size_; }

 private:
  const float* floats_ = nullptr;
  const double* doubles_ = nullptr;
  std::int64_t size_ = 0;
};

/// What an element should be, before it is rounded to its format, and the largest |got - value| that correct arithmetic
/// shows: one rounding to the format plus FP32 accumulation over this element's reduction. A value that the format
/// cannot hold is an infinity.
struct Truth {
  double value = 0, bound = 0;
};

/// A NaN agrees with nothing; an infinity only with itself.
inline bool agrees(double got, const Truth& truth) {
  const double difference = got > truth.value ? got - truth.value : truth.value - got;
  return got == truth.value || difference <= truth.bound;
}

/// Counts an element that was recomputed, and keeps the largest error relative to its bound. @returns whether it agrees
inline bool holds(double got, const Truth& truth, Verification& found) {
  ++found.checked;
  if (!agrees(got, truth)) return false;
  const double difference = got > truth.value ? got - truth.value : truth.value - got;
  if (truth.bound > 0 && std::isfinite(truth.bound)) found.error = std::max(found.error, difference / truth.bound);
  return true;
}

/// The slow truth of one operation on given inputs.
class Oracle {
 public:
  virtual ~Oracle() = default;
  /// Element in row-major order, recomputed in double. Safe to call from several threads. @pre the output is not
  /// opaque.
  virtual Truth at(int output, std::int64_t element) = 0;
};

/// `inputs` in the operands' order, exact as given; opaque ones are empty. What they refer to must outlive the oracle,
/// unchanged. `multiply` is what an fp32 operation multiplies in: fp32, or tf32 for wider bounds of the matrix work.
/// @throws Error for operands of wrong size and labels out of range
std::unique_ptr<Oracle> oracle_of(const Operation& operation,
                                  std::vector<Numbers> inputs,
                                  Precision multiply = Precision::fp32);

}  // namespace gpubench::training::oracle
