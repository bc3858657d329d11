#pragma once

#include "harness/devices/cuda/ptx/language.cuh"

// GELU in the form with tanh, and its gradient, of one number: for the kernel that does nothing else, and for those
// that do it on the way.

namespace gpubench::cuda {

inline constexpr float gelu_root = 0.7978845608F, gelu_cubic = 0.044715F;  // sqrt(2 / pi)

/// s = (1 + tanh(v)) / 2 and 1 - s, of which the smaller one is exact to the last bits too.
struct GeluGate {
  float s, rest;
};

/// One of them is 1 / (1 + exp(-2 |v|)), the other exp(-2 |v|) as much. Where that is subnormal it still counts: x
/// times it is not.
__device__ __forceinline__ GeluGate gelu_gate(float x) {
  constexpr float log2_e = 1.442695041F, root = gelu_root, cubic = gelu_cubic;
  const float v = x + cubic * x * x * x;
  const float power = ptx::exp2_approx_subnormal(-2 * root * log2_e * fabsf(v));
  const float larger = ptx::reciprocal_approx(1 + power), smaller = power * larger;
  return v >= 0 ? GeluGate{larger, smaller} : GeluGate{smaller, larger};
}

struct GeluForward {
  static constexpr int inputs = 1;
  __device__ static float at(float x, float /*unused*/) { return x * gelu_gate(x).s; }
};

struct GeluBackward {
  static constexpr int inputs = 2;
  __device__ static float at(float x, float dy) {
    constexpr float root = gelu_root, cubic = gelu_cubic;
    const GeluGate g = gelu_gate(x);
    // Beyond 30 the bend is 0 in FP32, and x * x must not become an infinity that meets it.
    const float near = fminf(fmaxf(x, -30.0F), 30.0F);
    const float bend = near * g.s * g.rest * (2 * root) * (1 + 3 * cubic * near * near);
    return dy * (g.s + bend);
  }
};

}  // namespace gpubench::cuda
