#include <cmath>
#include <memory>

#include "harness/core/error.hpp"
#include "kernels/training/oracle/bound.hpp"
#include "kernels/training/oracle/each_once.hpp"
#include "kernels/training/oracle/oracles.hpp"

namespace gpubench::training::oracle {
namespace {

/// The elements of one channel of a row-major {n, c, h, w} tensor.
class Channels {
 public:
  explicit Channels(const Shape& shape) : batch_(shape[0]), channels_(shape[1]), area_(shape[2] * shape[3]) {}

  std::int64_t of(std::int64_t element) const { return element / area_ % channels_; }
  double size() const { return static_cast<double>(batch_ * area_); }
  template <class Visit>
  void each(std::int64_t channel, const Visit& visit) const {
    for (std::int64_t n = 0; n < batch_; ++n) {
      const std::int64_t begin = (n * channels_ + channel) * area_;
      for (std::int64_t i = begin; i < begin + area_; ++i) visit(i);
    }
  }

 private:
  std::int64_t batch_, channels_, area_;
};

class Forward : public Oracle {
 public:
  Forward(const BatchNormForward& o, const Given& given)
      : o_(o),
        x_(given.inputs[0]),
        scale_(given.inputs[1]),
        shift_(given.inputs[2]),
        channels_(o.shape),
        statistics_(o.shape[1]) {}

  Truth at(int output, std::int64_t element) override {
    if (output > 2) throw Error("The mask of a batch norm has no truth: only the device understands it.");
    const std::int64_t channel = output == 0 ? channels_.of(element) : element;
    const Statistics& of = statistics_.at(channel, [this](std::int64_t c) { return statistics(c); });
    if (output == 1) return stored(Type::f32, of.mean, of.mean_error);
    if (output == 2) return stored(Type::f32, of.variance, of.variance_error);
    return normalised(x_[element], channel, of);
  }

 private:
  struct Statistics {
    double mean = 0, variance = 0, mean_error = 0, variance_error = 0;
  };

  /// Bound: the mean as an FP32 sum; the variance as the mean of squares less the squared mean, the least accurate of
  /// the usual formulas, each part an FP32 sum.
  Statistics statistics(std::int64_t channel) const {
    Sum sum, squares, deviations;
    channels_.each(channel, [&](std::int64_t i) { sum.add(x_[i]); });
    const double mean = sum.value() / channels_.size();
    channels_.each(channel, [&](std::int64_t i) {
      squares.add(x_[i] * x_[i]);
      deviations.add((x_[i] - mean) * (x_[i] - mean));
    });
    const double mean_error = sum.error() / channels_.size() + safety * u * std::abs(mean);
    return {.mean = mean,
            .variance = deviations.value() / channels_.size(),
            .mean_error = mean_error,
            .variance_error =
                (squares.error() + safety * u * squares.value()) / channels_.size() + 2 * std::abs(mean) * mean_error};
  }

  /// Bound: the errors of mean and variance carried through the formula to first order, and a few FP32 operations on
  /// its terms, in the order (x - mean) * factor + shift or x * factor + (shift - mean * factor).
  Truth normalised(double x, std::int64_t channel, const Statistics& of) const {
    const double variance = of.variance + o_.epsilon;
    const double factor = scale_[channel] / std::sqrt(variance), shift = shift_[channel];
    const double plain = factor * (x - of.mean) + shift;
    const double error = std::abs(factor) * of.mean_error +
                         std::abs(factor * (x - of.mean)) * of.variance_error / (2 * variance) +
                         safety * u * (std::abs(factor) * (std::abs(x) + std::abs(of.mean)) + std::abs(shift));
    if (!o_.relu) return stored(o_.type, plain, error);
    return stored(o_.type, relu(plain), error_after_relu(plain, error));
  }

  BatchNormForward o_;
  Numbers x_, scale_, shift_;
  Channels channels_;
  EachOnce<Statistics> statistics_;
};

/// With g = dy where the ReLU let y through, h = (x - mean) / sqrt(variance + epsilon) and N elements a channel:
/// dshift = sum g, dscale = sum g * h, dx = scale / sqrt(variance + epsilon) * (g - dshift / N - h * dscale / N).
class Backward : public Oracle {
 public:
  Backward(const BatchNormBackward& o, const Given& given)
      : o_(o),
        x_(given.inputs[0]),
        y_(given.inputs[1]),
        mean_(given.inputs[2]),
        variance_(given.inputs[3]),
        scale_(given.inputs[4]),
        dy_(given.inputs[7]),
        channels_(o.shape),
        sums_(o.shape[1]) {}

  Truth at(int output, std::int64_t element) override {
    const std::int64_t channel = output == 0 ? channels_.of(element) : element;
    const Sums& of = sums_.at(channel, [this](std::int64_t c) { return sums(c); });
    if (output == 1) return stored(Type::f32, of.dscale, of.dscale_error);
    if (output == 2) return stored(Type::f32, of.dshift, of.dshift_error);
    return gradient(element, channel, of);
  }

 private:
  struct Sums {
    double dscale = 0, dshift = 0, dscale_error = 0, dshift_error = 0;
  };

  double arriving(std::int64_t i) const { return !o_.relu || y_[i] > 0 ? dy_[i] : 0; }
  double inverse_deviation(std::int64_t channel) const { return 1 / std::sqrt(variance_[channel] + o_.epsilon); }

  /// Bound: the mean may be taken off each x or off the sum of g * x, so the errors of sum g * x and mean * sum g.
  Sums sums(std::int64_t channel) const {
    const double inverse = inverse_deviation(channel), mean = mean_[channel];
    Sum shift, scale, products;
    channels_.each(channel, [&](std::int64_t i) {
      const double g = arriving(i);
      shift.add(g);
      scale.add(g * (x_[i] - mean) * inverse);
      products.add(g * x_[i]);
    });
    return {.dscale = scale.value(),
            .dshift = shift.value(),
            .dscale_error =
                inverse * (products.error() + std::abs(mean) * shift.error()) + safety * u * std::abs(scale.value()),
            .dshift_error = shift.error()};
  }

  /// Bound: the errors of the two sums, and a few FP32 operations on each term.
  Truth gradient(std::int64_t element, std::int64_t channel, const Sums& of) const {
    const double inverse = inverse_deviation(channel), mean = mean_[channel], x = x_[element];
    const double g = arriving(element), h = (x - mean) * inverse, count = channels_.size();
    const double factor = scale_[channel] * inverse;
    const double error =
        (of.dshift_error + std::abs(h) * of.dscale_error) / count +
        safety * u *
            (std::abs(g) +
             (std::abs(of.dshift) + inverse * (std::abs(x) + std::abs(mean)) * std::abs(of.dscale)) / count);
    return stored(o_.type, factor * (g - of.dshift / count - h * of.dscale / count), std::abs(factor) * error);
  }

  BatchNormBackward o_;
  Numbers x_, y_, mean_, variance_, scale_, dy_;
  Channels channels_;
  EachOnce<Sums> sums_;
};

}  // namespace

std::unique_ptr<Oracle> make(const BatchNormForward& operation, const Given& given) {
  return std::make_unique<Forward>(operation, given);
}
std::unique_ptr<Oracle> make(const BatchNormBackward& operation, const Given& given) {
  return std::make_unique<Backward>(operation, given);
}

}  // namespace gpubench::training::oracle
