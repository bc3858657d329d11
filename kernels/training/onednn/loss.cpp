#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "harness/core/error.hpp"
#include "kernels/training/onednn/plans.hpp"

namespace gpubench::training::onednn {
namespace {

/// To nearest, ties to even. NaN stays NaN: a loss that broke must be seen.
std::uint16_t bf16_of(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if (std::isnan(value)) return static_cast<std::uint16_t>((bits >> 16) | 0x40);
  return static_cast<std::uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}
void store(float* to, float value) { *to = value; }
void store(std::uint16_t* to, float value) { *to = bf16_of(value); }

/// @returns -log softmax(logits)[label]; writes scale * (softmax - one at the label).
template <class Stored>
double row(const float* logits, std::int64_t classes, std::int32_t label, float scale, Stored* gradient) {
  float highest = logits[0];
  for (std::int64_t c = 1; c < classes; ++c) highest = std::max(highest, logits[c]);
  double total = 0;
  for (std::int64_t c = 0; c < classes; ++c) total += std::exp(logits[c] - highest);
  const auto inverse = static_cast<float>(1 / total);
  for (std::int64_t c = 0; c < classes; ++c) {
    const float probability = std::exp(logits[c] - highest) * inverse;
    store(gradient + c, scale * (c == label ? probability - 1 : probability));
  }
  return std::log(total) + highest - logits[label];
}

template <class Stored>
std::function<void()> bound(const SoftmaxCrossEntropy& o,
                            std::span<void* const> inputs,
                            std::span<void* const> outputs) {
  const auto* logits = static_cast<const float*>(inputs[0]);
  const auto* labels = static_cast<const std::int32_t*>(inputs[1]);
  auto* loss = static_cast<float*>(outputs[0]);
  auto* gradient = static_cast<Stored*>(outputs[1]);
  const auto scale = static_cast<float>(o.loss_scale / static_cast<double>(o.rows));
  return [=, rows = o.rows, classes = o.classes] {
    double sum = 0;
#pragma omp parallel for schedule(static) reduction(+ : sum)
    for (std::int64_t r = 0; r < rows; ++r)
      sum += row(logits + r * classes, classes, labels[r], scale, gradient + r * classes);
    *loss = static_cast<float>(sum / static_cast<double>(rows));
  };
}

}  // namespace

std::unique_ptr<Planned> plan(const Setting&, const SoftmaxCrossEntropy& operation, Given) {
  if (operation.type != Type::f32 && operation.type != Type::bf16)
    throw Unsupported("no gradient of the loss in " + std::string(name(operation.type)) + " on a CPU");
  return planned_loop(operation, [operation](std::span<void* const> inputs, std::span<void* const> outputs) {
    return operation.type == Type::bf16 ? bound<std::uint16_t>(operation, inputs, outputs)
                                        : bound<float>(operation, inputs, outputs);
  });
}

}  // namespace gpubench::training::onednn
