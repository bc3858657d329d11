#include "kernels/training/host/loops.hpp"

namespace gpubench::training::host {

Vectors vectors() {
#ifdef GPUBENCH_X86_64
  static const Vectors found = [] {
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl"))
      return Vectors::avx512;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? Vectors::avx2 : Vectors::baseline;
  }();
  return found;
#else
  return Vectors::baseline;
#endif
}

std::string vectors_text() {
  switch (vectors()) {
    case Vectors::baseline: return "baseline";
    case Vectors::avx2: return "avx2";
    case Vectors::avx512: return "avx512";
  }
  return "?";
}

void run(const UpdateState& o, const Addresses& at) {
  auto* const state = static_cast<float*>(at.outputs[0]);
  if (at.inputs[0] != at.outputs[0])
    for (int i = 0; i < StepState::count; ++i) state[i] = static_cast<const float*>(at.inputs[0])[i];
  const bool overflow = state[StepState::overflow] != 0;
  ++state[overflow ? StepState::skipped : StepState::taken];
  state[StepState::overflow] = 0;
  if (!o.dynamic_scale) return;
  ++state[StepState::good_steps];
  const bool grows = !overflow && state[StepState::good_steps] >= static_cast<float>(o.growth_interval);
  if (!overflow && !grows) return;
  state[StepState::loss_scale] *= overflow ? 0.5F : 2.0F;
  state[StepState::good_steps] = 0;
}

}  // namespace gpubench::training::host
