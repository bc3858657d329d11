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

}  // namespace

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
