#include <cmath>

#include "kernels/training/host/number.hpp"

namespace gpubench::training::host::GPUBENCH_VECTORS {

void run(const SgdMomentum& o, const Addresses& at) {
  const float *const gradients = in<float>(at, 1), *const state = in<float>(at, 4);
  float *const weights = out<float>(at, 0), *const velocities = out<float>(at, 1);
  if (state[StepState::overflow] != 0) return;
  const float rate = *in<float>(at, 3), unscale = 1 / state[StepState::loss_scale];
  const auto momentum = static_cast<float>(o.momentum), decay = static_cast<float>(o.decay);
#pragma omp parallel for simd schedule(static)
  for (std::int64_t i = 0; i < o.count; ++i) {
    const float gradient = gradients[i] * unscale + decay * weights[i];
    const float velocity = momentum * velocities[i] + gradient;
    velocities[i] = velocity;
    weights[i] -= rate * velocity;
  }
}

void run(const AdamW& o, const Addresses& at) {
  const float *const gradients = in<float>(at, 1), *const state = in<float>(at, 5);
  float *const weights = out<float>(at, 0), *const means = out<float>(at, 1), *const squares = out<float>(at, 2);
  if (state[StepState::overflow] != 0) return;
  const double step = static_cast<double>(state[StepState::taken]) + 1;
  const float rate = *in<float>(at, 4), unscale = 1 / state[StepState::loss_scale];
  const auto b1 = static_cast<float>(o.beta1), b2 = static_cast<float>(o.beta2);
  const auto c1 = static_cast<float>(1 - o.beta1), c2 = static_cast<float>(1 - o.beta2);
  const auto mean_factor = static_cast<float>(1 / (1 - std::pow(o.beta1, step)));
  const auto square_factor = static_cast<float>(1 / (1 - std::pow(o.beta2, step)));
  const auto epsilon = static_cast<float>(o.epsilon), decay = static_cast<float>(o.decay);
#pragma omp parallel for simd schedule(static)
  for (std::int64_t i = 0; i < o.count; ++i) {
    const float g = gradients[i] * unscale;
    const float m = b1 * means[i] + c1 * g, v = b2 * squares[i] + c2 * g * g;
    means[i] = m;
    squares[i] = v;
    weights[i] -= rate * (m * mean_factor / (std::sqrt(v * square_factor) + epsilon) + decay * weights[i]);
  }
}

/// Infinity and NaN have all bits of the exponent set.
void run(const CheckFinite& o, const Addresses& at) {
  const auto* const gradients = in<std::uint32_t>(at, 0);
  float* const state = out<float>(at, 0);
  std::uint32_t worst = 0;
#pragma omp parallel for simd schedule(static) reduction(max : worst)
  for (std::int64_t i = 0; i < o.count; ++i) {
    const std::uint32_t exponent = gradients[i] & 0x7f800000U;
    worst = exponent > worst ? exponent : worst;
  }
  if (worst == 0x7f800000U) state[StepState::overflow] = 1;
}

}  // namespace gpubench::training::host::GPUBENCH_VECTORS
