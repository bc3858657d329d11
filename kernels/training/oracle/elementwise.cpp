#include <cmath>
#include <memory>

#include "kernels/training/oracle/bound.hpp"
#include "kernels/training/oracle/oracles.hpp"

namespace gpubench::training::oracle {
namespace {

/// An oracle whose elements know nothing of each other: `element` gives the truth of one.
template <class Element>
class Elementwise : public Oracle {
 public:
  explicit Elementwise(const Element& element) : element_(element) {}
  Truth at(int /*output*/, std::int64_t element) override { return element_(element); }

 private:
  Element element_;
};

template <class Element>
std::unique_ptr<Oracle> elementwise(const Element& element) {
  return std::make_unique<Elementwise<Element>>(element);
}

/// (1 + tanh(v)) / 2 with v = sqrt(2 / pi) * (x + 0.044715 x^3), and what its argument is off by, relative to the gate.
struct Gate {
  explicit Gate(double x) : v(root * (x + cubic * x * x * x)), value(1 / (1 + std::exp(-2 * v))) {}
  double error() const { return safety * u * (1 + 2 * std::abs(v)); }

  static constexpr double root = 0.79788456080286535588, cubic = 0.044715;
  double v, value;
};

}  // namespace

/// Bound: a few FP32 operations, of which the exponential sees the argument's error.
std::unique_ptr<Oracle> make(const GeluForward& operation, const Given& given) {
  return elementwise([type = operation.type, x = given.inputs[0]](std::int64_t i) {
    const Gate gate(x[i]);
    const double y = x[i] * gate.value;
    return stored(type, y, std::abs(y) * gate.error());
  });
}

/// Bound: the gate's error in both terms of its slope.
std::unique_ptr<Oracle> make(const GeluBackward& operation, const Given& given) {
  return elementwise([type = operation.type, x = given.inputs[0], dy = given.inputs[1]](std::int64_t i) {
    const Gate gate(x[i]);
    const double bend = x[i] * gate.value * (1 - gate.value) * 2 * Gate::root * (1 + 3 * Gate::cubic * x[i] * x[i]);
    const double slack = std::abs(x[i]) * gate.value * 2 * Gate::root * (1 + 3 * Gate::cubic * x[i] * x[i]);
    const double error = (gate.value + std::abs(bend)) * gate.error() + safety * u * slack * gate.value;
    return stored(type, dy[i] * (gate.value + bend), std::abs(dy[i]) * error);
  });
}

/// Bound: one FP32 addition, and one rounding.
std::unique_ptr<Oracle> make(const AddReluForward& operation, const Given& given) {
  return elementwise([type = operation.type, a = given.inputs[0], b = given.inputs[1]](std::int64_t i) {
    const double sum = a[i] + b[i];
    return stored(type, relu(sum), error_after_relu(sum, u * std::abs(sum)));
  });
}

/// Bound: a choice is a copy.
std::unique_ptr<Oracle> make(const ReluBackward& operation, const Given& given) {
  return elementwise([type = operation.type, y = given.inputs[0], dy = given.inputs[1]](std::int64_t i) {
    return copied(type, y[i] > 0 ? dy[i] : 0);
  });
}

/// Bound: one FP32 addition, and one rounding.
std::unique_ptr<Oracle> make(const Accumulate& operation, const Given& given) {
  return elementwise([type = operation.type, a = given.inputs[0], b = given.inputs[1]](std::int64_t i) {
    return stored(type, a[i] + b[i], u * std::abs(a[i] + b[i]));
  });
}

/// Bound: one rounding to nearest, nothing where the number is one of the format.
std::unique_ptr<Oracle> make(const Reorder& operation, const Given& given) {
  return elementwise(
      [type = operation.to.type, from = given.inputs[0]](std::int64_t i) { return copied(type, from[i]); });
}

}  // namespace gpubench::training::oracle
