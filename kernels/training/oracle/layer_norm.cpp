#include <cmath>
#include <memory>

#include "kernels/training/oracle/bound.hpp"
#include "kernels/training/oracle/each_once.hpp"
#include "kernels/training/oracle/oracles.hpp"

namespace gpubench::training::oracle {
namespace {

class Forward : public Oracle {
 public:
  Forward(const LayerNormForward& o, const Given& given)
      : o_(o), x_(given.inputs[0]), scale_(given.inputs[1]), shift_(given.inputs[2]), rows_(o.rows) {}

  Truth at(int output, std::int64_t element) override {
    const Row& of = rows_.at(output == 0 ? element / o_.width : element, [this](std::int64_t r) { return row(r); });
    if (output == 1) return stored(Type::f32, of.mean, of.mean_error);
    if (output == 2) return stored(Type::f32, of.variance, of.variance_error);
    return normalised(element, of);
  }

 private:
  struct Row {
    double mean = 0, variance = 0, mean_error = 0, variance_error = 0;
  };

  /// Bound: as for batch norm, the mean as an FP32 sum, the variance as the mean of squares less the squared mean.
  Row row(std::int64_t index) const {
    const std::int64_t begin = index * o_.width, end = begin + o_.width;
    const auto width = static_cast<double>(o_.width);
    Sum sum, squares, deviations;
    for (std::int64_t i = begin; i < end; ++i) sum.add(x_[i]);
    const double mean = sum.value() / width;
    for (std::int64_t i = begin; i < end; ++i) {
      squares.add(x_[i] * x_[i]);
      deviations.add((x_[i] - mean) * (x_[i] - mean));
    }
    const double mean_error = sum.error() / width + safety * u * std::abs(mean);
    return {
        .mean = mean,
        .variance = deviations.value() / width,
        .mean_error = mean_error,
        .variance_error = (squares.error() + safety * u * squares.value()) / width + 2 * std::abs(mean) * mean_error};
  }

  /// Bound: the errors of mean and variance carried through to first order, and a few FP32 operations on each term.
  Truth normalised(std::int64_t element, const Row& of) const {
    const std::int64_t column = element % o_.width;
    const double variance = of.variance + o_.epsilon, x = x_[element];
    const double factor = scale_[column] / std::sqrt(variance), shift = shift_[column];
    const double error = std::abs(factor) * of.mean_error +
                         std::abs(factor * (x - of.mean)) * of.variance_error / (2 * variance) +
                         safety * u * (std::abs(factor) * (std::abs(x) + std::abs(of.mean)) + std::abs(shift));
    return stored(o_.type, factor * (x - of.mean) + shift, error);
  }

  LayerNormForward o_;
  Numbers x_, scale_, shift_;
  EachOnce<Row> rows_;
};

/// With g = dy * scale, h = (x - mean) / sqrt(variance + epsilon) and N columns: dscale = sum over rows of dy * h,
/// dshift = sum over rows of dy, dx = (g - sum g / N - h * sum (g h) / N) / sqrt(variance + epsilon).
class Backward : public Oracle {
 public:
  Backward(const LayerNormBackward& o, const Given& given)
      : o_(o),
        x_(given.inputs[0]),
        mean_(given.inputs[1]),
        variance_(given.inputs[2]),
        scale_(given.inputs[3]),
        dy_(given.inputs[4]),
        rows_(o.rows) {}

  Truth at(int output, std::int64_t element) override {
    if (output == 0) return gradient(element);
    Sum sum, products;
    for (std::int64_t r = 0; r < o_.rows; ++r) {
      const double dy = dy_[r * o_.width + element];
      sum.add(output == 1 ? dy * normal(r, element) : dy);
      products.add(output == 1 ? dy * inverse(r) * (std::abs(x_[r * o_.width + element]) + std::abs(mean_[r])) : 0);
    }
    return stored(Type::f32, sum.value(), sum.error() + safety * u * products.norm());
  }

 private:
  struct Row {
    Sum g, gh;
    double terms = 0;  // the size of what gh is summed from, before mean and x cancel
  };

  double inverse(std::int64_t r) const { return 1 / std::sqrt(variance_[r] + o_.epsilon); }
  double normal(std::int64_t r, std::int64_t c) const { return (x_[r * o_.width + c] - mean_[r]) * inverse(r); }

  Row row(std::int64_t r) const {
    Row made;
    double squares = 0;
    for (std::int64_t c = 0; c < o_.width; ++c) {
      const double g = dy_[r * o_.width + c] * scale_[c];
      made.g.add(g);
      made.gh.add(g * normal(r, c));
      const double before = g * inverse(r) * (std::abs(x_[r * o_.width + c]) + std::abs(mean_[r]));
      squares += before * before;
    }
    made.terms = std::sqrt(squares);
    return made;
  }

  /// Bound: the errors of the two sums, and a few FP32 operations on each term.
  Truth gradient(std::int64_t element) {
    const std::int64_t r = element / o_.width, c = element % o_.width;
    const Row& of = rows_.at(r, [this](std::int64_t index) { return row(index); });
    const double g = dy_[element] * scale_[c], h = normal(r, c), width = static_cast<double>(o_.width);
    const double raw = inverse(r) * (std::abs(x_[element]) + std::abs(mean_[r]));
    const double error = (of.g.error() + std::abs(h) * (of.gh.error() + safety * u * of.terms)) / width +
                         safety * u * (std::abs(g) + (std::abs(of.g.value()) + raw * std::abs(of.gh.value())) / width);
    return stored(o_.type, inverse(r) * (g - of.g.value() / width - h * of.gh.value() / width), inverse(r) * error);
  }

  LayerNormBackward o_;
  Numbers x_, mean_, variance_, scale_, dy_;
  EachOnce<Row> rows_;
};

}  // namespace

std::unique_ptr<Oracle> make(const LayerNormForward& operation, const Given& given) {
  return std::make_unique<Forward>(operation, given);
}
std::unique_ptr<Oracle> make(const LayerNormBackward& operation, const Given& given) {
  return std::make_unique<Backward>(operation, given);
}

}  // namespace gpubench::training::oracle
