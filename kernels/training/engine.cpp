#include "kernels/training/engine.hpp"

#include <algorithm>

#include "harness/core/error.hpp"

namespace gpubench::training {
namespace {

std::size_t aligned(std::size_t bytes) { return (bytes + 63) / 64 * 64; }
std::size_t count(const TensorDesc& desc) { return static_cast<std::size_t>(elements(desc.shape)); }

std::unique_ptr<Planned> plan_copy(Layers& layers, const TensorDesc& desc) {
  return layers.plan(Reorder{desc, desc}, std::vector<TensorDesc>{desc});
}

}  // namespace

Engine::Engine(const Network& network, Layers& layers, Purpose purpose)
    : network_(network),
      layers_(layers),
      purpose_(purpose),
      teacher_(make_teacher(network)),
      plan_(plan_step(network, layers)),
      copy_input_(plan_copy(layers, desc(plan_.input))),
      copy_labels_(plan_copy(layers, desc(plan_.labels))),
      copy_rate_(plan_copy(layers, desc(plan_.rate))) {
  for (const Planned* copy : {copy_input_.get(), copy_labels_.get(), copy_rate_.get()})
    plan_.scratch_bytes = std::max(plan_.scratch_bytes, aligned(copy->scratch_bytes));
}

void Engine::refresh_casts() {
  for (const int node : plan_.casts) calls_[static_cast<std::size_t>(node)]();
  wait();
}

void Engine::stage(int steps) {
  wait();  // a step that is still under way may read a slot
  staged_ = std::min(steps * plan_.accumulate, staged_batches);
  next_ = 0;
  std::vector<float> inputs(count(desc(plan_.input))), labels(count(desc(plan_.labels)));
  for (int s = 0; s < staged_; ++s, ++made_) {
    Slot& slot = slots_[static_cast<std::size_t>(s)];
    teacher_(made_, inputs, labels);
    const Optimizer& optimizer = network_.optimizer;
    const std::int64_t step = made_ / plan_.accumulate;
    const auto warm = static_cast<double>(step + 1) / std::max(1, optimizer.warmup_steps);
    const std::vector<float> rate{static_cast<float>(optimizer.rate * std::min(1.0, warm))};
    layers_.upload(inputs, desc(plan_.input), slot.input);
    layers_.upload(labels, desc(plan_.labels), slot.labels);
    layers_.upload(rate, desc(plan_.rate), slot.rate);
  }
}

Engine::Slot& Engine::next_slot() {
  if (staged_ == 0) throw Error("a training step was asked for before any batch was staged");
  Slot& slot = slots_[static_cast<std::size_t>(next_)];
  next_ = (next_ + 1) % staged_;
  return slot;
}

void Engine::each_node(const std::function<void(std::size_t)>& visit) {
  if (plan_.accumulate > 1) layers_.clear(gradients_->data(), plan_.parameter_bytes);
  for (int batch = 0; batch < plan_.accumulate; ++batch) {
    for (const auto& feed : next_slot().feed) feed();
    for (std::size_t n = 0; n < plan_.updates; ++n) visit(n);
  }
  for (std::size_t n = plan_.updates; n < calls_.size() && purpose_ == Purpose::training; ++n) visit(n);
  ++step_;
}

void Engine::enqueue(int steps) {
  for (int s = 0; s < steps; ++s) each_node([this](std::size_t n) { calls_[n](); });
}

void Engine::visit_step(const Visitor& visitor) {
  each_node([&](std::size_t n) {
    wait();
    if (visitor.before) visitor.before(plan_.nodes[n]);
    calls_[n]();
    wait();
    if (visitor.after) visitor.after(plan_.nodes[n]);
  });
}

Engine::State Engine::state() {
  const std::vector<float> numbers = read(plan_.state);
  const auto whole = [&](StepState::Index index) { return static_cast<std::int64_t>(numbers[index]); };
  return {.loss_scale = static_cast<double>(numbers[StepState::loss_scale]),
          .good_steps = whole(StepState::good_steps),
          .taken = whole(StepState::taken),
          .skipped = whole(StepState::skipped)};
}

void Engine::write_state(const State& state) {
  std::vector<float> numbers(StepState::count);
  numbers[StepState::loss_scale] = static_cast<float>(state.loss_scale);
  numbers[StepState::good_steps] = static_cast<float>(state.good_steps);
  numbers[StepState::taken] = static_cast<float>(state.taken);
  numbers[StepState::skipped] = static_cast<float>(state.skipped);
  write(plan_.state, numbers);
}

void Engine::set_loss_scale(double scale) {
  State changed = state();
  changed.loss_scale = scale;
  write_state(changed);
}

double Engine::loss() {
  wait();
  return layers_.scalar(desc(plan_.loss), address(plan_.loss));
}

void Engine::read(int value, std::vector<float>& into) {
  wait();
  into.resize(count(desc(value)));
  layers_.download(desc(value), address(value), into);
}

std::vector<float> Engine::read(int value) {
  std::vector<float> values;
  read(value, values);
  return values;
}

void Engine::write(int value, std::span<const float> values) { layers_.upload(values, desc(value), address(value)); }

std::vector<float> Engine::collect(int Parameter::*which) {
  wait();
  std::size_t size = 0, at = 0;
  for (const Parameter& parameter : plan_.parameters) size += count(desc(parameter.*which));
  std::vector<float> all(size);
  for (const Parameter& parameter : plan_.parameters) {
    const TensorDesc& one = desc(parameter.*which);
    layers_.download(one, address(parameter.*which), std::span(all).subspan(at, count(one)));
    at += count(one);
  }
  return all;
}

std::vector<float> Engine::gradient() {
  std::vector<float> all = collect(&Parameter::gradient);
  const State now = state();
  const bool grew = network_.loss_scale.dynamic && now.good_steps == 0 && now.taken > 0;  // after these were computed
  const double scale = grew ? now.loss_scale / 2 : now.loss_scale;
  if (scale != 1)
    for (float& one : all) one = static_cast<float>(one / scale);
  return all;
}

FirstStep Engine::first_step() {
  FirstStep step{.loss = loss(), .gradient = gradient()};
  for (const Parameter& parameter : plan_.parameters)
    step.sizes.push_back(static_cast<std::size_t>(elements(parameter.shape)));
  return step;
}

std::vector<float> Engine::weights() { return collect(&Parameter::weights); }

void Engine::set_weights(std::span<const float> values) {
  wait();
  for (const Parameter& parameter : plan_.parameters) {
    const std::size_t size = count(desc(parameter.weights));
    write(parameter.weights, values.first(size));
    values = values.subspan(size);
  }
  refresh_casts();
}

}  // namespace gpubench::training
