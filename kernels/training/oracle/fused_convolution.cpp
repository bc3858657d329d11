#include <cmath>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "kernels/training/oracle/bound.hpp"
#include "kernels/training/oracle/convolution_products.hpp"
#include "kernels/training/oracle/oracles.hpp"

namespace gpubench::training::oracle {
namespace {

/// max(scale * x + shift, 0) in the format that the convolution multiplies. Whether FP32 rounds the product or not may
/// decide to which side a number between two neighbours falls: of those the distance of the neighbours is kept.
class Normalised {
 public:
  Normalised(const FusedConvolution& o, const Numbers& x, const Numbers& scale, const Numbers& shift) {
    const Format& format = format_of(o.type);
    const std::int64_t area = o.shape.height * o.shape.width;
    values_.reserve(static_cast<std::size_t>(x.size()));
    doubts_.reserve(static_cast<std::size_t>(x.size()));
    for (std::int64_t i = 0; i < x.size(); ++i) {
      const std::int64_t c = i / area % o.shape.in_channels;
      const double product = scale[c] * x[i], exact = product + shift[c];
      const double error = 2 * u * (std::abs(product) + std::abs(exact));
      const double low = rounded(relu(exact - error), format), high = rounded(relu(exact + error), format);
      doubts_.push_back(static_cast<float>(high - low));
      values_.push_back(static_cast<float>(rounded(relu(exact), format)));
    }
  }
  double operator[](std::int64_t i) const { return static_cast<double>(values_[static_cast<std::size_t>(i)]); }
  /// How far it may be off.
  double doubt(std::int64_t i) const { return static_cast<double>(doubts_[static_cast<std::size_t>(i)]); }

 private:
  std::vector<float> values_{}, doubts_{};
};

/// Before it is stored: what it is, and how far FP32 may be off.
struct Computed {
  double value = 0, error = 0;
};

class Fused : public Oracle {
 public:
  Fused(const FusedConvolution& o, const Given& given) : o_(o), in_(given.inputs), multiply_(given.multiply) {
    if (o.fusion == FusedConvolution::Fusion::normalised_statistics)
      normalised_ = std::make_unique<Normalised>(o, in_[0], in_[2], in_[3]);
  }

  Truth at(int output, std::int64_t element) override {
    if (output > 0) return statistics(element)[output - 1];
    const ConvolutionShape& s = o_.shape;
    if (o_.fusion == FusedConvolution::Fusion::relu_gradient) return gradient(element);
    const auto [value, error] = y(position(element, s.out_channels, s.out_height(), s.out_width()));
    return stored(o_.type, value, error);
  }

 private:
  Computed y(const Position& at) const {
    Sum sum;
    double doubt = 0;
    if (normalised_)
      for_products_of_y(o_.shape, at, [&](std::int64_t x, std::int64_t w) {
        sum.add((*normalised_)[x] * in_[1][w]);
        doubt += normalised_->doubt(x) * std::abs(in_[1][w]);
      });
    else
      for_products_of_y(o_.shape, at, [&](std::int64_t x, std::int64_t w) { sum.add(in_[0][x] * in_[1][w]); });
    Computed found{.value = sum.value(), .error = error_of_products(sum, o_.type, multiply_) + doubt};
    if (o_.fusion != FusedConvolution::Fusion::bias_relu) return found;
    const double biased = found.value + in_[2][at.c];
    return {.value = relu(biased), .error = error_after_relu(biased, found.error + u * std::abs(biased))};
  }

  Truth gradient(std::int64_t element) const {
    if (!(in_[2][element] > 0)) return copied(o_.type, 0);
    Sum sum;
    for_products_of_dx(o_.shape,
                       position(element, o_.shape.in_channels, o_.shape.height, o_.shape.width),
                       [&](std::int64_t dy, std::int64_t w) { sum.add(in_[0][dy] * in_[1][w]); });
    return stored(o_.type, sum.value(), error_of_products(sum, o_.type, multiply_));
  }

  /// Sum and sum of squares of a channel. Each element of y may be rounded to its format before, or not: its error and
  /// half its last place are independent of those of others, and a square is off by twice that, by its size.
  struct Channel {
    Truth sum{}, squares{};
    const Truth& operator[](int which) const { return which == 0 ? sum : squares; }
  };
  Channel statistics(std::int64_t channel) {
    const std::lock_guard lock(mutex_);
    const auto [known, fresh] = channels_.try_emplace(channel);
    if (fresh) known->second = computed(channel);
    return known->second;
  }
  Channel computed(std::int64_t channel) const {
    const ConvolutionShape& s = o_.shape;
    Sum sum, squares;
    double off_squared = 0, squares_off_squared = 0;
    for (std::int64_t n = 0; n < s.batch; ++n)
      for (std::int64_t p = 0; p < s.out_height(); ++p)
        for (std::int64_t q = 0; q < s.out_width(); ++q) {
          const auto [value, error] = y({.n = n, .c = channel, .h = p, .w = q});
          const double off = error + half_ulp(value, format_of(o_.type));
          sum.add(value);
          squares.add(value * value);
          off_squared += off * off;
          squares_off_squared += 4 * value * value * off * off;
        }
    return {
        .sum = stored(Type::f32, sum.value(), 4 * sum.error() + safety * std::sqrt(off_squared)),
        .squares = stored(
            Type::f32, squares.value(), 4 * squares.error() + safety * std::sqrt(squares_off_squared) + off_squared)};
  }

  FusedConvolution o_;
  std::vector<Numbers> in_;
  Precision multiply_;
  std::unique_ptr<Normalised> normalised_{};
  std::mutex mutex_{};
  std::map<std::int64_t, Channel> channels_{};  // one costs as much as all of y that is in it
};

}  // namespace

std::unique_ptr<Oracle> make(const FusedConvolution& operation, const Given& given) {
  return std::make_unique<Fused>(operation, given);
}

}  // namespace gpubench::training::oracle
