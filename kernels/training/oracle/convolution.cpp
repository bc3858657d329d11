#include <memory>

#include "kernels/training/oracle/bound.hpp"
#include "kernels/training/oracle/convolution_products.hpp"
#include "kernels/training/oracle/oracles.hpp"
#include "kernels/training/oracle/position.hpp"

// Bound of all three: the FP32 error of the sum of products, and one rounding to the output's format.

namespace gpubench::training::oracle {
namespace {

class Forward : public Oracle {
 public:
  Forward(const ConvolutionForward& o, const Given& given)
      : o_(o), x_(given.inputs[0]), w_(given.inputs[1]), multiply_(given.multiply) {}

  Truth at(int /*output*/, std::int64_t element) override {
    const ConvolutionShape& s = o_.shape;
    Sum sum;
    for_products_of_y(s, position(element, s.out_channels, s.out_height(), s.out_width()), [&](auto x, auto w) {
      sum.add(x_[x] * w_[w]);
    });
    return stored(o_.type, sum.value(), error_of_products(sum, o_.type, multiply_));
  }

 private:
  ConvolutionForward o_;
  Numbers x_, w_;
  Precision multiply_;
};

class DataGradient : public Oracle {
 public:
  DataGradient(const ConvolutionDataGradient& o, const Given& given)
      : o_(o), dy_(given.inputs[0]), w_(given.inputs[1]), multiply_(given.multiply) {}

  Truth at(int /*output*/, std::int64_t element) override {
    const ConvolutionShape& s = o_.shape;
    Sum sum;
    for_products_of_dx(
        s, position(element, s.in_channels, s.height, s.width), [&](auto dy, auto w) { sum.add(dy_[dy] * w_[w]); });
    return stored(o_.type, sum.value(), error_of_products(sum, o_.type, multiply_));
  }

 private:
  ConvolutionDataGradient o_;
  Numbers dy_, w_;
  Precision multiply_;
};

class WeightGradient : public Oracle {
 public:
  WeightGradient(const ConvolutionWeightGradient& o, const Given& given)
      : o_(o), x_(given.inputs[0]), dy_(given.inputs[1]), multiply_(given.multiply) {}

  Truth at(int /*output*/, std::int64_t element) override {
    const ConvolutionShape& s = o_.shape;
    const std::int64_t height = s.out_height(), width = s.out_width();
    const Position w = position(element, s.in_channels, s.kernel, s.kernel);
    Sum sum;
    for (std::int64_t n = 0; n < s.batch; ++n)
      for (std::int64_t p = 0; p < height; ++p) {
        const std::int64_t h = p * s.stride + w.h - s.padding;
        if (h < 0 || h >= s.height) continue;
        const std::int64_t x_row = ((n * s.in_channels + w.c) * s.height + h) * s.width;
        const std::int64_t dy_row = ((n * s.out_channels + w.n) * height + p) * width;
        for (std::int64_t q = 0; q < width; ++q) {
          const std::int64_t at = q * s.stride + w.w - s.padding;
          if (at >= 0 && at < s.width) sum.add(x_[x_row + at] * dy_[dy_row + q]);
        }
      }
    return stored(o_.type_of_dw, sum.value(), error_of_products(sum, o_.type, multiply_));
  }

 private:
  ConvolutionWeightGradient o_;
  Numbers x_, dy_;
  Precision multiply_;
};

}  // namespace

std::unique_ptr<Oracle> make(const ConvolutionForward& operation, const Given& given) {
  return std::make_unique<Forward>(operation, given);
}
std::unique_ptr<Oracle> make(const ConvolutionDataGradient& operation, const Given& given) {
  return std::make_unique<DataGradient>(operation, given);
}
std::unique_ptr<Oracle> make(const ConvolutionWeightGradient& operation, const Given& given) {
  return std::make_unique<WeightGradient>(operation, given);
}

}  // namespace gpubench::training::oracle
