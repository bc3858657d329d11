#include <cmath>
#include <memory>

#include "kernels/training/oracle/bound.hpp"
#include "kernels/training/oracle/oracles.hpp"

namespace gpubench::training::oracle {
namespace {

/// Where gradients overflowed, everything stays: a copy.
bool skips(const Numbers& state) { return state[StepState::overflow] != 0; }

/// Bound: each term passes a few FP32 operations (the constants are rounded to FP32 too), and one rounding.
class Sgd : public Oracle {
 public:
  Sgd(const SgdMomentum& o, const Given& given)
      : o_(o),
        weights_(given.inputs[0]),
        gradients_(given.inputs[1]),
        velocity_(given.inputs[2]),
        rate_(given.inputs[3]),
        state_(given.inputs[4]) {}

  Truth at(int output, std::int64_t element) override {
    if (skips(state_)) return copied(Type::f32, (output == 0 ? weights_ : velocity_)[element]);
    const double weight = weights_[element], rate = rate_[0];
    const double gradient = gradients_[element] / state_[StepState::loss_scale];
    const double decay = o_.decay * weight;
    const double kept = o_.momentum * velocity_[element];
    const double velocity = kept + gradient + decay;
    const double error = safety * u * (std::abs(kept) + std::abs(gradient) + std::abs(decay));
    if (output == 1) return stored(Type::f32, velocity, error);
    return stored(Type::f32, weight - rate * velocity, std::abs(rate) * (error + 2 * u * std::abs(velocity)));
  }

 private:
  SgdMomentum o_;
  Numbers weights_, gradients_, velocity_, rate_, state_;
};

/// Bound: m and v as for SGD; the quotient to first order in both, epsilon included, plus a few FP32 operations.
class Adam : public Oracle {
 public:
  Adam(const AdamW& o, const Given& given)
      : o_(o),
        weights_(given.inputs[0]),
        gradients_(given.inputs[1]),
        means_(given.inputs[2]),
        squares_(given.inputs[3]),
        rate_(given.inputs[4]),
        state_(given.inputs[5]) {}

  Truth at(int output, std::int64_t element) override {
    if (skips(state_)) return copied(Type::f32, (output == 0 ? weights_ : output == 1 ? means_ : squares_)[element]);
    const double g = gradients_[element] / state_[StepState::loss_scale];
    const double kept_m = o_.beta1 * means_[element], new_m = (1 - o_.beta1) * g;
    const double kept_v = o_.beta2 * squares_[element], new_v = (1 - o_.beta2) * g * g;
    const double m = kept_m + new_m, v = kept_v + new_v;
    const double m_error = safety * u * (std::abs(kept_m) + std::abs(new_m)), v_error = safety * u * v;
    if (output == 1) return stored(Type::f32, m, m_error);
    if (output == 2) return stored(Type::f32, v, v_error);

    const double step = state_[StepState::taken] + 1, weight = weights_[element], rate = rate_[0];
    const double mean_factor = 1 / (1 - std::pow(o_.beta1, step));
    const double deviation = std::sqrt(v / (1 - std::pow(o_.beta2, step))), below = deviation + o_.epsilon;
    const double direction = m * mean_factor / below, decay = o_.decay * weight;
    const double error = m_error * mean_factor / below + safety * u * (std::abs(direction) + std::abs(decay));
    return stored(Type::f32, weight - rate * (direction + decay), std::abs(rate) * error + 2 * u * std::abs(weight));
  }

 private:
  AdamW o_;
  Numbers weights_, gradients_, means_, squares_, rate_, state_;
};

class Finite : public Oracle {
 public:
  Finite(const CheckFinite& o, const Given& given) : o_(o), gradients_(given.inputs[0]), state_(given.inputs[1]) {}

  Truth at(int /*output*/, std::int64_t element) override {
    if (element != StepState::overflow) return copied(Type::f32, state_[element]);
    for (std::int64_t i = 0; i < o_.count; ++i)
      if (!std::isfinite(gradients_[i])) return {.value = 1};
    return {.value = state_[element]};
  }

 private:
  CheckFinite o_;
  Numbers gradients_, state_;
};

class State : public Oracle {
 public:
  State(const UpdateState& o, const Given& given) : o_(o), state_(given.inputs[0]) {}

  Truth at(int /*output*/, std::int64_t element) override { return {.value = after(element)}; }

 private:
  double after(std::int64_t element) const {
    const bool overflow = skips(state_);
    const double good = overflow ? 0 : state_[StepState::good_steps] + 1;
    const bool grows = good >= o_.growth_interval;
    switch (element) {
      case StepState::loss_scale: return state_[element] * (!o_.dynamic_scale ? 1 : overflow ? 0.5 : grows ? 2 : 1);
      case StepState::good_steps: return !o_.dynamic_scale ? state_[element] : grows ? 0 : good;
      case StepState::overflow: return 0;
      case StepState::taken: return state_[element] + (overflow ? 0 : 1);
      default: return state_[element] + (overflow ? 1 : 0);
    }
  }

  UpdateState o_;
  Numbers state_;
};

}  // namespace

std::unique_ptr<Oracle> make(const SgdMomentum& operation, const Given& given) {
  return std::make_unique<Sgd>(operation, given);
}
std::unique_ptr<Oracle> make(const AdamW& operation, const Given& given) {
  return std::make_unique<Adam>(operation, given);
}
std::unique_ptr<Oracle> make(const CheckFinite& operation, const Given& given) {
  return std::make_unique<Finite>(operation, given);
}
std::unique_ptr<Oracle> make(const UpdateState& operation, const Given& given) {
  return std::make_unique<State>(operation, given);
}

}  // namespace gpubench::training::oracle
