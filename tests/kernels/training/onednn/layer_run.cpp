#include "tests/kernels/training/onednn/layer_run.hpp"

#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "harness/core/random.hpp"
#include "kernels/training/oracle/formats.hpp"
#include "kernels/training/oracle/oracle.hpp"

namespace gpubench::training {
namespace {

std::vector<float> random_numbers(const TensorDesc& tensor, const Random& random, std::int64_t classes) {
  std::vector<float> numbers(static_cast<std::size_t>(elements(tensor.shape)));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (tensor.type == Type::i32)
      numbers[i] = static_cast<float>(random.bits(i) % static_cast<std::uint64_t>(classes));
    else
      numbers[i] = static_cast<float>(oracle::rounded(random.normal(i), oracle::format_of(tensor.type)));
  }
  return numbers;
}

std::int64_t classes_of(const Operation& operation) {
  if (const auto* loss = std::get_if<SoftmaxCrossEntropy>(&operation)) return loss->classes;
  if (const auto* forward = std::get_if<EmbeddingForward>(&operation)) return forward->shape.vocabulary;
  if (const auto* backward = std::get_if<EmbeddingBackward>(&operation)) return backward->shape.vocabulary;
  return 1;
}

/// Numbers that are not any: a state, and AdamW's mean of squares, which is not negative.
void correct(const Operation& operation, std::vector<LayerValue>& inputs) {
  for (LayerValue& input : inputs)
    if (input.given.shape == StepState::shape()) input.numbers = {1024, 5, 0, 7, 2};
  if (std::holds_alternative<AdamW>(operation))
    for (float& square : inputs[3].numbers) square = std::abs(square);
}

std::shared_ptr<Memory> placed(Layers& layers, const LayerValue& value, const TensorDesc& wanted) {
  if (wanted.type == Type::opaque) return value.bytes ? value.bytes : layers.allocate(wanted.bytes);
  std::shared_ptr<Memory> memory = layers.allocate(wanted.bytes);
  layers.upload(value.numbers, wanted, memory->data());
  return memory;
}

/// All bits one: NaN in every floating-point format.
std::shared_ptr<Memory> poisoned(Layers& layers, const TensorDesc& tensor) {
  std::shared_ptr<Memory> memory = layers.allocate(tensor.bytes);
  if (tensor.bytes > 0) std::memset(memory->data(), 0xff, tensor.bytes);
  return memory;
}

std::vector<void*> addresses(const std::vector<std::shared_ptr<Memory>>& memories) {
  std::vector<void*> all;
  for (const auto& memory : memories) all.push_back(memory->data());
  return all;
}

LayerValue taken(Layers& layers, const TensorDesc& tensor, const std::shared_ptr<Memory>& memory) {
  LayerValue value{.bytes = memory, .given = tensor};
  if (tensor.type == Type::opaque) return value;
  value.numbers.resize(static_cast<std::size_t>(elements(tensor.shape)));
  layers.download(tensor, memory->data(), value.numbers);
  return value;
}

}  // namespace

std::vector<LayerValue> random_inputs(const Operation& operation, std::uint64_t seed) {
  std::vector<LayerValue> inputs;
  for (const TensorDesc& tensor : operands(operation).inputs) {
    inputs.push_back({.given = tensor});
    if (tensor.type != Type::opaque)
      inputs.back().numbers = random_numbers(tensor, Random(seed, inputs.size()), classes_of(operation));
  }
  correct(operation, inputs);
  return inputs;
}

LayerRun run_layer(Layers& layers, const Operation& operation, const std::vector<LayerValue>& inputs, bool in_place) {
  std::vector<TensorDesc> given;
  for (const LayerValue& input : inputs) given.push_back(input.given);
  const auto plan = layers.plan(operation, given);
  std::vector<std::shared_ptr<Memory>> from, to;
  for (std::size_t i = 0; i < inputs.size(); ++i) from.push_back(placed(layers, inputs[i], plan->inputs[i]));
  for (const TensorDesc& output : plan->outputs) to.push_back(poisoned(layers, output));
  if (in_place)
    for (const auto& [output, input] : plan->in_place)
      to[static_cast<std::size_t>(output)] = from[static_cast<std::size_t>(input)];
  const auto scratch = layers.allocate(plan->scratch_bytes);
  plan->bind(addresses(from), addresses(to), scratch->data())();
  layers.wait();

  LayerRun run{.implementation = plan->implementation};
  for (std::size_t i = 0; i < to.size(); ++i) run.outputs.push_back(taken(layers, plan->outputs[i], to[i]));
  return run;
}

std::optional<std::string> difference(const Operation& operation,
                                      const std::vector<LayerValue>& inputs,
                                      const LayerRun& run) {
  std::vector<oracle::Numbers> numbers;
  for (const LayerValue& input : inputs) numbers.emplace_back(std::span(input.numbers));
  const auto truth = oracle::oracle_of(operation, numbers);
  for (std::size_t output = 0; output < run.outputs.size(); ++output) {
    const std::vector<float>& got = run.outputs[output].numbers;
    for (std::size_t i = 0; i < got.size(); ++i) {
      const oracle::Truth expected = truth->at(static_cast<int>(output), static_cast<std::int64_t>(i));
      if (!oracle::agrees(got[i], expected))
        return fmt::format("{} by {}: output {} element {} is {}, should be {} within {}",
                           text(operation),
                           run.implementation,
                           output,
                           i,
                           got[i],
                           expected.value,
                           expected.bound);
    }
  }
  return std::nullopt;
}

}  // namespace gpubench::training
