#include <cstdint>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "kernels/training/cuda/dispatch.cuh"
#include "kernels/training/cuda/step_state.hpp"

namespace gpubench::cuda {
namespace {

using training::StepState;

// Bound by the memory: each gradient is read once. A chunk is as many vectors in every thread, all under way at once.
constexpr int threads = 256;

/// Whether one of this thread's elements of the chunk is not finite.
template <class T>
__device__ __forceinline__ bool sees_overflow(const ParameterTensor& tensor, std::int64_t first) {
  constexpr int width = ptx::Vector<T>::size;
  constexpr int vectors_each = chunk_elements / (threads * width);
  static_assert(vectors_each * threads * width == chunk_elements);
  const auto* const gradients = static_cast<const T*>(tensor.gradients);
  const bool aligned = reinterpret_cast<std::uintptr_t>(gradients) % 16 == 0;
  ptx::Vector<T> part[vectors_each];
#pragma unroll
  for (int i = 0; i < vectors_each; ++i) {
    const std::int64_t at = first + (std::int64_t{i} * threads + threadIdx.x) * width;
    part[i] = load_part(gradients + at, tensor.count - at, aligned);
  }
  bool seen = false;
#pragma unroll
  for (int i = 0; i < vectors_each; ++i)
#pragma unroll
    for (int k = 0; k < width; ++k) {
      constexpr float largest = 3.402823466e+38F;
      seen |= !(fabsf(to_float(part[i].at[k])) <= largest);  // NaN is below nothing
    }
  return seen;
}

/// Whoever sees an overflow writes the same number: which one comes first does not matter.
__global__ __launch_bounds__(threads) void check_finite_kernel(ParameterTable table, float* state) {
  const Chunk chunk = table.chunks[blockIdx.x];
  const ParameterTensor tensor = table.tensors[chunk.tensor];
  const std::int64_t first = chunk.index * chunk_elements;
  bool seen = false;
  switch (tensor.gradient_type) {
    case training::Type::bf16: seen = sees_overflow<__nv_bfloat16>(tensor, first); break;
    case training::Type::f16: seen = sees_overflow<__half>(tensor, first); break;
    default: seen = sees_overflow<float>(tensor, first);
  }
  if (seen) state[StepState::overflow] = 1;
}

__global__ void update_state_kernel(float* state, bool dynamic_scale, float growth_interval) {
  const bool overflow = state[StepState::overflow] != 0;
  if (dynamic_scale) {
    const float good_steps = overflow ? 0 : state[StepState::good_steps] + 1;
    const bool grows = good_steps >= growth_interval;
    state[StepState::loss_scale] *= overflow ? 0.5F : grows ? 2.0F : 1.0F;
    state[StepState::good_steps] = grows ? 0 : good_steps;
  }
  state[overflow ? StepState::skipped : StepState::taken] += 1;
  state[StepState::overflow] = 0;
}

}  // namespace

void check_finite(Stream stream, const ParameterTable& table, float* state) {
  if (table.chunk_count == 0) return;
  launch<check_finite_kernel>(
      stream, {.grid = static_cast<unsigned>(table.chunk_count), .block = threads}, table, state);
}

void update_state(Stream stream, const training::UpdateState& operation, float* state) {
  if (operation.growth_interval < 1) throw Error("a loss scale cannot grow after less than one step");
  launch<update_state_kernel>(
      stream, {}, state, operation.dynamic_scale, static_cast<float>(operation.growth_interval));
}

}  // namespace gpubench::cuda
