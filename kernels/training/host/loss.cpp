#include "kernels/training/host/number.hpp"

namespace gpubench::training::host::GPUBENCH_VECTORS {
namespace {

/// @returns -log softmax(logits)[label]; writes scale * (softmax - one at the label). The gradient may lie on the
/// logits themselves.
template <class T>
double row(const float* logits, std::int64_t classes, std::int32_t label, float scale, T* gradient) {
  float highest = logits[0];
#pragma omp simd reduction(max : highest)
  for (std::int64_t c = 0; c < classes; ++c) highest = logits[c] > highest ? logits[c] : highest;
  float total = 0;
#pragma omp simd reduction(+ : total)
  for (std::int64_t c = 0; c < classes; ++c) total += exponential(logits[c] - highest);
  const double loss = std::log(static_cast<double>(total)) + static_cast<double>(highest - logits[label]);
  const float inverse = 1 / total, right = exponential(logits[label] - highest) * inverse;
#pragma omp simd
  for (std::int64_t c = 0; c < classes; ++c) store(gradient + c, scale * (exponential(logits[c] - highest) * inverse));
  store(gradient + label, scale * (right - 1));
  return loss;
}

template <class T>
void all_rows(const SoftmaxCrossEntropy& o, const Addresses& at) {
  const float *const logits = in<float>(at, 0), *const state = in<float>(at, 2);
  const auto* const labels = in<std::int32_t>(at, 1);
  T* const gradient = out<T>(at, 1);
  const float scale = static_cast<float>(o.share / static_cast<double>(o.rows)) * state[StepState::loss_scale];
  double sum = 0;
#pragma omp parallel for schedule(static) reduction(+ : sum)
  for (std::int64_t r = 0; r < o.rows; ++r)
    sum += row(logits + r * o.classes, o.classes, labels[r], scale, gradient + r * o.classes);
  *out<float>(at, 0) = static_cast<float>(sum / static_cast<double>(o.rows));
}

}  // namespace

void run(const SoftmaxCrossEntropy& o, const Addresses& at) {
  with_type(o.type, [&]<class T>(T*) { all_rows<T>(o, at); });
}

}  // namespace gpubench::training::host::GPUBENCH_VECTORS
