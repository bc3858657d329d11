#include <cmath>
#include <cstring>

#include "kernels/training/host/number.hpp"

namespace gpubench::training::host::GPUBENCH_VECTORS {
namespace {

/// What is not changed is copied where it does not stay in place.
void keep(const void* from, void* to, std::int64_t numbers) {
  if (from != to) std::memcpy(to, from, sizeof(float) * static_cast<std::size_t>(numbers));
}
bool overflowed(const float* state) { return state[StepState::overflow] != 0; }

}  // namespace

void run(const SgdMomentum& o, const Addresses& at) {
  const float *const weights = in<float>(at, 0), *const gradients = in<float>(at, 1);
  const float *const velocities = in<float>(at, 2), *const state = in<float>(at, 4);
  float *const new_weights = out<float>(at, 0), *const new_velocities = out<float>(at, 1);
  if (overflowed(state)) {
    keep(weights, new_weights, o.count);
    return keep(velocities, new_velocities, o.count);
  }
  const float rate = *in<float>(at, 3), unscale = 1 / state[StepState::loss_scale];
  const auto momentum = static_cast<float>(o.momentum), decay = static_cast<float>(o.decay);
#pragma omp parallel for simd schedule(static)
  for (std::int64_t i = 0; i < o.count; ++i) {
    const float gradient = gradients[i] * unscale + decay * weights[i];
    const float velocity = momentum * velocities[i] + gradient;
    new_velocities[i] = velocity;
    new_weights[i] = weights[i] - rate * velocity;
  }
}

void run(const AdamW& o, const Addresses& at) {
  const float *const weights = in<float>(at, 0), *const gradients = in<float>(at, 1);
  const float *const means = in<float>(at, 2), *const squares = in<float>(at, 3), *const state = in<float>(at, 5);
  float *const new_weights = out<float>(at, 0), *const new_means = out<float>(at, 1);
  float* const new_squares = out<float>(at, 2);
  if (overflowed(state)) {
    keep(weights, new_weights, o.count);
    keep(means, new_means, o.count);
    return keep(squares, new_squares, o.count);
  }
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
    new_means[i] = m;
    new_squares[i] = v;
    const float direction = m * mean_factor / (std::sqrt(v * square_factor) + epsilon);
    new_weights[i] = weights[i] - rate * (direction + decay * weights[i]);
  }
}

/// Infinity and NaN have all bits of the exponent set.
void run(const CheckFinite& o, const Addresses& at) {
  const auto* const gradients = in<std::uint32_t>(at, 0);
  float* const state = out<float>(at, 0);
  keep(at.inputs[1], state, StepState::count);
  std::uint32_t worst = 0;
#pragma omp parallel for simd schedule(static) reduction(max : worst)
  for (std::int64_t i = 0; i < o.count; ++i) {
    const std::uint32_t exponent = gradients[i] & 0x7f800000U;
    worst = exponent > worst ? exponent : worst;
  }
  if (worst == 0x7f800000U) state[StepState::overflow] = 1;
}

}  // namespace gpubench::training::host::GPUBENCH_VECTORS
