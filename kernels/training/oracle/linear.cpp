#include <memory>

#include "kernels/training/oracle/bound.hpp"
#include "kernels/training/oracle/oracles.hpp"

// Bound of all three: the FP32 error of the sum of products, and one rounding to the output's format.

namespace gpubench::training::oracle {
namespace {

class Forward : public Oracle {
 public:
  Forward(const LinearForward& o, const Given& given)
      : o_(o), x_(given.inputs[0]), w_(given.inputs[1]), multiply_(given.multiply) {
    if (o.shape.bias) bias_ = given.inputs[2];
  }

  Truth at(int /*output*/, std::int64_t element) override {
    const std::int64_t row = element / o_.shape.out, column = element % o_.shape.out, length = o_.shape.in;
    Sum sum;
    for (std::int64_t j = 0; j < length; ++j) sum.add(x_[row * length + j] * w_[column * length + j]);
    if (o_.shape.bias) sum.add(bias_[column]);
    return stored(o_.type_of_y, sum.value(), error_of_products(sum, o_.type, multiply_));
  }

 private:
  LinearForward o_;
  Numbers x_, w_, bias_;
  Precision multiply_;
};

class DataGradient : public Oracle {
 public:
  DataGradient(const LinearDataGradient& o, const Given& given)
      : o_(o), dy_(given.inputs[0]), w_(given.inputs[1]), multiply_(given.multiply) {}

  Truth at(int /*output*/, std::int64_t element) override {
    const std::int64_t row = element / o_.shape.in, column = element % o_.shape.in, length = o_.shape.out;
    Sum sum;
    for (std::int64_t j = 0; j < length; ++j) sum.add(dy_[row * length + j] * w_[j * o_.shape.in + column]);
    return stored(o_.type, sum.value(), error_of_products(sum, o_.type, multiply_));
  }

 private:
  LinearDataGradient o_;
  Numbers dy_, w_;
  Precision multiply_;
};

class WeightGradient : public Oracle {
 public:
  WeightGradient(const LinearWeightGradient& o, const Given& given)
      : o_(o), x_(given.inputs[0]), dy_(given.inputs[1]), multiply_(given.multiply) {}

  Truth at(int output, std::int64_t element) override {
    return output == 0 ? weight(element / o_.shape.in, element % o_.shape.in) : bias(element);
  }

 private:
  Truth weight(std::int64_t out, std::int64_t in) const {
    Sum sum;
    for (std::int64_t i = 0; i < o_.shape.rows; ++i) sum.add(dy_[i * o_.shape.out + out] * x_[i * o_.shape.in + in]);
    return stored(Type::f32, sum.value(), error_of_products(sum, o_.type, multiply_));
  }
  Truth bias(std::int64_t out) const {
    Sum sum;
    for (std::int64_t i = 0; i < o_.shape.rows; ++i) sum.add(dy_[i * o_.shape.out + out]);
    return stored(Type::f32, sum.value(), sum.error());
  }

  LinearWeightGradient o_;
  Numbers x_, dy_;
  Precision multiply_;
};

}  // namespace

std::unique_ptr<Oracle> make(const LinearForward& operation, const Given& given) {
  return std::make_unique<Forward>(operation, given);
}
std::unique_ptr<Oracle> make(const LinearDataGradient& operation, const Given& given) {
  return std::make_unique<DataGradient>(operation, given);
}
std::unique_ptr<Oracle> make(const LinearWeightGradient& operation, const Given& given) {
  return std::make_unique<WeightGradient>(operation, given);
}

}  // namespace gpubench::training::oracle
