#include <cmath>
#include <cstdint>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "kernels/training/cuda/dispatch.cuh"
#include "kernels/training/cuda/optimizer.hpp"

namespace gpubench::cuda {
namespace {

// Bound by the memory: weights and moments are read and written once, gradients read once; the copy of the weights is
// written while they are in registers. A block is a chunk: no tensor is too small or too large for the launch.
constexpr int threads = 256;
constexpr int width = 4;         // elements of each array in one access: 16 bytes of FP32, 8 of the 16-bit types
constexpr int vectors_each = 2;  // loads of each array under way in a thread; more would cost registers, so threads
constexpr int rounds = chunk_elements / (threads * width * vectors_each);
static_assert(rounds * threads * width * vectors_each == chunk_elements);

using training::StepState;

/// What a rule computes with in this step: the same for all elements of a tensor.
struct SgdStep {
  float unscale, rate, momentum, decay;

  __device__ void update(float& weight, float& velocity, float& /*unused*/, float gradient) const {
    velocity = momentum * velocity + (gradient * unscale + decay * weight);
    weight -= rate * velocity;
  }
};

struct Sgd {
  static constexpr bool has_second = false;
  float momentum;

  __device__ SgdStep step(const float* state, float rate, float decay) const {
    return {.unscale = 1 / state[StepState::loss_scale], .rate = rate, .momentum = momentum, .decay = decay};
  }
};

struct AdamStep {
  float unscale, rate, decay, beta1, beta2, rest1, rest2, epsilon, mean_factor, square_factor;

  __device__ void update(float& weight, float& m, float& v, float gradient) const {
    const float g = gradient * unscale;
    m = beta1 * m + rest1 * g;
    v = beta2 * v + rest2 * g * g;
    const float direction = m * mean_factor / (sqrtf(v * square_factor) + epsilon);
    weight -= rate * (direction + decay * weight);
  }
};

struct Adam {
  static constexpr bool has_second = true;
  float beta1, beta2, rest1, rest2, epsilon;
  double log_beta1, log_beta2;

  /// 1 / (1 - beta^t); of what is next to beta^t = 1 no digits are lost.
  __device__ static float bias_factor(double log_beta, float t) {
    return -1 / expm1f(static_cast<float>(static_cast<double>(t) * log_beta));
  }
  __device__ AdamStep step(const float* state, float rate, float decay) const {
    const float t = state[StepState::taken] + 1;
    return {.unscale = 1 / state[StepState::loss_scale],
            .rate = rate,
            .decay = decay,
            .beta1 = beta1,
            .beta2 = beta2,
            .rest1 = rest1,
            .rest2 = rest2,
            .epsilon = epsilon,
            .mean_factor = bias_factor(log_beta1, t),
            .square_factor = bias_factor(log_beta2, t)};
  }
};

template <class T>
__device__ __forceinline__ void store_copy(
    void* copy, std::int64_t at, const ptx::Vector<float>& weights, std::int64_t there, bool aligned) {
  ptx::Vector<T, 8> rounded;
#pragma unroll
  for (int k = 0; k < width; ++k) rounded.at[k] = from_float<T>(weights.at[k]);
  store_part(static_cast<T*>(copy) + at, rounded, there, aligned);
}

/// Whether one instruction can access a vector of each array.
__device__ __forceinline__ bool vectors_fit(const ParameterTensor& tensor, std::uintptr_t gradient_bytes) {
  const auto bits = [](const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); };
  const std::uintptr_t in_fp32 = bits(tensor.weights) | bits(tensor.first) | bits(tensor.second);
  return in_fp32 % 16 == 0 && bits(tensor.copy) % 8 == 0 && bits(tensor.gradients) % gradient_bytes == 0;
}

template <class Gradient, class Rule>
__device__ __forceinline__ void update_chunk(
    const ParameterTensor& tensor, std::int64_t first, const Rule& rule, const float* rate, const float* state) {
  constexpr int gradient_bytes = width * sizeof(Gradient);
  const bool aligned = vectors_fit(tensor, gradient_bytes);
  const auto* const gradients = static_cast<const Gradient*>(tensor.gradients);
  const auto step = rule.step(state, *rate, tensor.decay);
#pragma unroll 1
  for (int round = 0; round < rounds; ++round) {
    ptx::Vector<Gradient, gradient_bytes> gradient[vectors_each];
    ptx::Vector<float> weight[vectors_each], moment[vectors_each], second[vectors_each];
    const auto at_vector = [&](int i) {
      return first + (std::int64_t{round} * vectors_each + i) * threads * width + std::int64_t{threadIdx.x} * width;
    };
#pragma unroll
    for (int i = 0; i < vectors_each; ++i) {
      const std::int64_t at = at_vector(i), there = tensor.count - at;
      if (there <= 0) continue;
      gradient[i] = load_part<gradient_bytes>(gradients + at, there, aligned);
      weight[i] = load_part<16, Access::plain>(tensor.weights + at, there, aligned);
      moment[i] = load_part<16, Access::plain>(tensor.first + at, there, aligned);
      if constexpr (Rule::has_second) second[i] = load_part<16, Access::plain>(tensor.second + at, there, aligned);
    }
#pragma unroll
    for (int i = 0; i < vectors_each; ++i) {
      const std::int64_t at = at_vector(i), there = tensor.count - at;
      if (there <= 0) continue;
#pragma unroll
      for (int k = 0; k < width; ++k)
        step.update(weight[i].at[k], moment[i].at[k], second[i].at[k], to_float(gradient[i].at[k]));
      store_part(tensor.weights + at, weight[i], there, aligned);
      store_part(tensor.first + at, moment[i], there, aligned);
      if constexpr (Rule::has_second) store_part(tensor.second + at, second[i], there, aligned);
      if (tensor.copy == nullptr) continue;
      if (tensor.copy_type == training::Type::bf16)
        store_copy<__nv_bfloat16>(tensor.copy, at, weight[i], there, aligned);
      else
        store_copy<__half>(tensor.copy, at, weight[i], there, aligned);
    }
  }
}

template <class Rule>
__global__ __launch_bounds__(threads) void optimizer_kernel(ParameterTable table,
                                                            Rule rule,
                                                            const float* rate,
                                                            const float* state) {
  const Chunk chunk = table.chunks[blockIdx.x];
  const ParameterTensor tensor = table.tensors[chunk.tensor];
  if (state[StepState::overflow] != 0) return;
  const std::int64_t first = chunk.index * chunk_elements;
  switch (tensor.gradient_type) {
    case training::Type::bf16: return update_chunk<__nv_bfloat16>(tensor, first, rule, rate, state);
    case training::Type::f16: return update_chunk<__half>(tensor, first, rule, rate, state);
    default: return update_chunk<float>(tensor, first, rule, rate, state);
  }
}

template <class Rule>
void enqueue(Stream stream, const ParameterTable& table, const Rule& rule, const float* rate, const float* state) {
  if (table.chunk_count == 0) return;
  launch<optimizer_kernel<Rule>>(
      stream, {.grid = static_cast<unsigned>(table.chunk_count), .block = threads}, table, rule, rate, state);
}

}  // namespace

void sgd_momentum(Stream stream,
                  const training::SgdMomentum& operation,
                  const ParameterTable& table,
                  const float* rate,
                  const float* state) {
  if (!(operation.momentum >= 0) || std::isinf(operation.momentum)) throw Error("SGD has an impossible momentum");
  enqueue(stream, table, Sgd{.momentum = static_cast<float>(operation.momentum)}, rate, state);
}

void adam_w(Stream stream,
            const training::AdamW& operation,
            const ParameterTable& table,
            const float* rate,
            const float* state) {
  for (const double beta : {operation.beta1, operation.beta2})
    if (!(beta >= 0 && beta < 1)) throw Error("a beta of AdamW is not in [0, 1)");
  if (!(operation.epsilon >= 0)) throw Error("AdamW has a negative epsilon");
  enqueue(stream,
          table,
          Adam{.beta1 = static_cast<float>(operation.beta1),
               .beta2 = static_cast<float>(operation.beta2),
               .rest1 = static_cast<float>(1 - operation.beta1),
               .rest2 = static_cast<float>(1 - operation.beta2),
               .epsilon = static_cast<float>(operation.epsilon),
               .log_beta1 = std::log(operation.beta1),
               .log_beta2 = std::log(operation.beta2)},
          rate,
          state);
}

}  // namespace gpubench::cuda
