#include <cmath>
#include <memory>

#include "kernels/training/oracle/bound.hpp"
#include "kernels/training/oracle/oracles.hpp"

namespace gpubench::training::oracle {
namespace {

/// Bound: each term passes a few FP32 operations (the constants are rounded to FP32 too), and one rounding.
class Sgd : public Oracle {
 public:
  Sgd(const SgdMomentum& o, const Given& given)
      : o_(o),
        weights_(given.inputs[0]),
        gradients_(given.inputs[1]),
        velocity_(given.inputs[2]),
        rate_(given.inputs[3]) {}

  Truth at(int output, std::int64_t element) override {
    const double weight = weights_[element], rate = rate_[0];
    const double gradient = gradients_[element] / o_.loss_scale;
    const double decay = element < o_.decayed ? o_.decay * weight : 0;
    const double kept = o_.momentum * velocity_[element];
    const double velocity = kept + gradient + decay;
    const double error = safety * u * (std::abs(kept) + std::abs(gradient) + std::abs(decay));
    if (output == 1) return stored(Type::f32, velocity, error);
    return stored(Type::f32, weight - rate * velocity, std::abs(rate) * (error + 2 * u * std::abs(velocity)));
  }

 private:
  SgdMomentum o_;
  Numbers weights_, gradients_, velocity_, rate_;
};

}  // namespace

std::unique_ptr<Oracle> make(const SgdMomentum& operation, const Given& given) {
  return std::make_unique<Sgd>(operation, given);
}

}  // namespace gpubench::training::oracle
