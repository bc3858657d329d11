#include "kernels/training/step_plan.hpp"

#include "harness/core/error.hpp"
#include "kernels/training/lowering.hpp"

namespace gpubench::training {

StepPlan Lowering::plan() {
  StepPlan& plan = recorder_.plan();
  if (network_.reads_tokens())
    plan.input = recorder_.value(layers_.plain({network_.batch, network_.sequence}, Type::i32), Home::lasting);
  else  // laid out by its first reader
    plan.input = recorder_.value(
        {.shape = {network_.batch, network_.channels, network_.height, network_.width}, .type = type_}, Home::lasting);
  input_ = plan.input;
  plan.labels = recorder_.value(layers_.plain({network_.rows()}, Type::i32), Home::lasting);
  plan.rate = recorder_.value(layers_.plain({1}, Type::f32), Home::lasting);
  plan.state = recorder_.value(layers_.plain(StepState::shape(), Type::f32), Home::lasting);
  recorder_.phase("forward");
  for (const Layer& layer : network_.layers) forward(layer);
  loss();
  recorder_.phase("backward");
  for (auto backward = tape_.rbegin(); backward != tape_.rend(); ++backward) (*backward)();
  recorder_.phase("update");
  return recorder_.finish(network_.optimizer, network_.loss_scale);
}

int Lowering::input(const Layer& layer, std::size_t index) const {
  const int from = layer.inputs.at(index);
  return from == Layer::image ? input_ : outputs_.at(static_cast<std::size_t>(from));
}

void Lowering::forward(const Layer& layer) {
  outputs_.push_back(std::visit([&](const auto& what) { return lower(layer, what); }, layer.what));
}

/// Of a normalisation. @returns both parameters
std::vector<int> Lowering::scale_and_shift(const Layer& layer, std::int64_t size, double initial_scale) {
  return {recorder_.parameter(layer.name + ".scale", {size}, false, initial_scale, 0),
          recorder_.parameter(layer.name + ".shift", {size}, false, 0, 0)};
}

void Lowering::loss() {
  const int logits = outputs_.back();
  const SoftmaxCrossEntropy operation{network_.rows(), network_.classes, type_, 1.0 / network_.accumulate};
  const auto out = recorder_.emit(operation, {{logits}, {recorder_.plan().labels}, {recorder_.plan().state}});
  recorder_.plan().loss = out[0];
  recorder_.plan().values[static_cast<std::size_t>(out[0])].home = Home::lasting;
  recorder_.contribute(logits, out[1]);
}

Type activation_type(Mode mode) {
  switch (mode) {
    case Mode::fp32:
    case Mode::tf32: return Type::f32;
    case Mode::amp_fp16: return Type::f16;
    case Mode::amp_bf16: return Type::bf16;
  }
  return Type::f32;
}

StepPlan plan_step(const Network& network, Layers& layers) { return Lowering(network, layers).plan(); }

}  // namespace gpubench::training
