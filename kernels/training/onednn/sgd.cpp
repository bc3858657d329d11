#include "kernels/training/onednn/plans.hpp"

namespace gpubench::training::onednn {
namespace {

struct Buffers {
  const float *weights, *gradients, *velocity, *rate;
  float *new_weights, *new_velocity;
};

void update(const SgdMomentum& sgd, const Buffers& at, std::int64_t begin, std::int64_t end, double decay_rate) {
  const auto rate = *at.rate, decay = static_cast<float>(decay_rate);
  const auto momentum = static_cast<float>(sgd.momentum), unscale = static_cast<float>(1 / sgd.loss_scale);
#pragma omp parallel for simd schedule(static)
  for (std::int64_t i = begin; i < end; ++i) {
    const float gradient = at.gradients[i] * unscale + decay * at.weights[i];
    const float velocity = momentum * at.velocity[i] + gradient;
    at.new_velocity[i] = velocity;
    at.new_weights[i] = at.weights[i] - rate * velocity;
  }
}

}  // namespace

std::unique_ptr<Planned> plan(const Setting&, const SgdMomentum& operation, Given) {
  const auto bind = [operation](std::span<void* const> inputs, std::span<void* const> outputs) {
    const Buffers at{.weights = static_cast<const float*>(inputs[0]),
                     .gradients = static_cast<const float*>(inputs[1]),
                     .velocity = static_cast<const float*>(inputs[2]),
                     .rate = static_cast<const float*>(inputs[3]),
                     .new_weights = static_cast<float*>(outputs[0]),
                     .new_velocity = static_cast<float*>(outputs[1])};
    return [operation, at] {
      update(operation, at, 0, operation.decayed, operation.decay);
      update(operation, at, operation.decayed, operation.count, 0);
    };
  };
  return planned_loop(operation, bind, {{.output = 0, .input = 0}, {.output = 1, .input = 2}});
}

}  // namespace gpubench::training::onednn
