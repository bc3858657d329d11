#include "kernels/training/recorder.hpp"

#include <algorithm>

#include "harness/core/error.hpp"
#include "kernels/training/storage.hpp"

namespace gpubench::training {
namespace {

constexpr std::size_t bucket_elements = std::size_t{4} << 20;

constexpr std::size_t aligned(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

}  // namespace

int Recorder::value(TensorDesc desc, Home home) {
  plan_.values.push_back({.desc = std::move(desc), .home = home});
  gradients_.push_back(-1);
  return static_cast<int>(plan_.values.size()) - 1;
}

std::vector<int> Recorder::emit(const Operation& operation,
                                const std::vector<Operand>& operands,
                                const std::vector<int>& onto) {
  std::vector<TensorDesc> given = training::operands(operation).inputs;
  for (std::size_t i = 0; i < operands.size(); ++i)
    if (operands[i].value >= 0) given[i] = desc(operands[i].value);
  Node node{.operation = operation, .phase = phase_};
  node.planned = layers_.plan(operation, given);
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const TensorDesc& wanted = node.planned->inputs[i];
    const auto [known, parameter] = operands[i];
    node.inputs.push_back(known >= 0 ? reordered(known, wanted) : cast(parameter, wanted));
  }
  for (std::size_t i = 0; i < node.planned->outputs.size(); ++i)
    node.outputs.push_back(i < onto.size() ? onto[i] : value(node.planned->outputs[i]));
  return record(std::move(node));
}

std::vector<int> Recorder::record(Node node) {
  auto outputs = node.outputs;
  plan_.scratch_bytes = std::max(plan_.scratch_bytes, aligned(node.planned->scratch_bytes));
  plan_.nodes.push_back(std::move(node));
  return outputs;
}

/// The value in another layout; one copy serves everyone who asks for it. A value without a layout takes the first
/// wanted.
int Recorder::reordered(int from, const TensorDesc& wanted) {
  if (desc(from).type == Type::opaque) return from;
  if (!desc(from).layout) at(from).desc = wanted;
  if (same(desc(from), wanted)) return from;
  for (const auto& [source, copy] : reordered_)
    if (source == from && same(desc(copy), wanted)) return copy;
  const int copy = emit(Reorder{desc(from), wanted}, {{.value = from}})[0];
  reordered_.emplace_back(from, copy);
  return copy;
}

int Recorder::parameter(std::string name, Shape shape, bool decays, double mean, double deviation) {
  plan_.parameters.push_back(
      {.name = std::move(name), .shape = std::move(shape), .decays = decays, .mean = mean, .deviation = deviation});
  return static_cast<int>(plan_.parameters.size()) - 1;
}

/// The working copy of a parameter. Whether it is a copy at all is known only when the gradient has fixed the master's
/// layout.
int Recorder::cast(int parameter, const TensorDesc& wanted) {
  for (const Cast& one : casts_)
    if (one.parameter == parameter && same(desc(one.copy), wanted)) return one.copy;
  casts_.push_back({parameter, value(wanted, Home::lasting)});
  return casts_.back().copy;
}

void Recorder::set_gradient(int parameter, int gradient) {
  int& total = plan_.parameters[static_cast<std::size_t>(parameter)].gradient;
  if (plan_.accumulate == 1) {
    total = gradient;
    at(gradient).home = Home::gradients;
    return;
  }
  total = value(desc(gradient), Home::gradients);
  emit(Accumulate{shape(gradient), Type::f32}, {{.value = total}, {.value = gradient}}, {total});
}

void Recorder::contribute(int value, int gradient) {
  const int have = gradients_[static_cast<std::size_t>(value)];
  const int sum = have < 0 ? gradient : emit(Accumulate{shape(value), desc(value).type}, {{have}, {gradient}})[0];
  gradients_[static_cast<std::size_t>(value)] = sum;
}

int Recorder::gradient(int value) const {
  const int found = gradients_[static_cast<std::size_t>(value)];
  if (found < 0) throw Error("a layer's output is used by no other layer");
  return found;
}

StepPlan Recorder::finish(const Optimizer& optimizer, const LossScale& scale) {
  plan_.updates = plan_.nodes.size();
  plan_.has_variance = optimizer.kind == Optimizer::Kind::adamw;
  const std::size_t decayed_bytes = lay_out_parameters();
  if (scale.dynamic) check_finite();
  update(optimizer, {0, decayed_bytes}, optimizer.decay);
  update(optimizer, {decayed_bytes, plan_.parameter_bytes}, 0);
  update_state(scale);
  for (const Cast& one : casts_) refresh(one);

  for (Value& one : plan_.values) {
    if (one.home != Home::lasting) continue;
    one.offset = plan_.lasting_bytes;
    plan_.lasting_bytes += aligned(one.desc.bytes);
  }
  plan_.arena_bytes = pack_arena(plan_);
  return std::move(plan_);
}

/// Masters, gradients and velocity share one order and one set of offsets. @returns the bytes of those that decay: they
/// come first
std::size_t Recorder::lay_out_parameters() {
  std::size_t offset = 0, decayed_bytes = 0;
  for (const bool decays : {true, false}) {
    for (Parameter& p : plan_.parameters) {
      if (p.decays != decays) continue;
      if (p.gradient < 0) throw Error(p.name + " has no gradient");
      p.weights = value(desc(p.gradient), Home::weights);
      at(p.weights).offset = at(p.gradient).offset = offset;
      offset += aligned(desc(p.gradient).bytes);
    }
    if (decays) decayed_bytes = offset;
  }
  plan_.parameter_bytes = offset;
  return decayed_bytes;
}

/// Buckets are what ranks will exchange, too.
void Recorder::each_bucket(Bytes range, const std::function<void(std::size_t, std::int64_t)>& visit) {
  const std::size_t element_bytes = layers_.plain({64}, Type::f32).bytes / 64;
  for (std::size_t offset = range.first; offset < range.second; offset += bucket_elements * element_bytes)
    visit(offset, static_cast<std::int64_t>(std::min(bucket_elements, (range.second - offset) / element_bytes)));
}

/// An operation over the same stretch of some of the parameters' memories; all but the gradients are its outputs.
void Recorder::in_buckets(const Operation& operation,
                          std::size_t offset,
                          const std::vector<Home>& memories,
                          bool needs_rate) {
  Node node{.operation = operation, .phase = phase_};
  std::vector<TensorDesc> given = training::operands(operation).inputs;
  for (std::size_t i = 0; i < memories.size(); ++i) {
    given[i] = layers_.plain(given[i].shape, Type::f32);
    node.inputs.push_back(value(given[i], memories[i]));
    at(node.inputs.back()).offset = offset;
    if (memories[i] != Home::gradients) node.outputs.push_back(node.inputs.back());
  }
  if (needs_rate) node.inputs.push_back(plan_.rate);
  node.inputs.push_back(plan_.state);
  if (node.outputs.empty()) node.outputs.push_back(plan_.state);
  for (std::size_t i = memories.size(); i < given.size(); ++i) given[i] = desc(node.inputs[i]);
  node.planned = layers_.plan(operation, given);
  record(std::move(node));
}

void Recorder::update(const Optimizer& optimizer, Bytes range, double decay) {
  each_bucket(range, [&](std::size_t offset, std::int64_t count) {
    if (optimizer.kind == Optimizer::Kind::adamw)
      in_buckets(AdamW{.count = count, .beta1 = optimizer.beta1, .beta2 = optimizer.beta2, .decay = decay},
                 offset,
                 {Home::weights, Home::gradients, Home::velocity, Home::variance},
                 true);
    else
      in_buckets(SgdMomentum{.count = count, .momentum = optimizer.momentum, .decay = decay},
                 offset,
                 {Home::weights, Home::gradients, Home::velocity},
                 true);
  });
}

void Recorder::check_finite() {
  each_bucket({0, plan_.parameter_bytes}, [&](std::size_t offset, std::int64_t count) {
    in_buckets(CheckFinite{.count = count}, offset, {Home::gradients}, false);
  });
}

void Recorder::update_state(const LossScale& scale) {
  const UpdateState operation{.dynamic_scale = scale.dynamic, .growth_interval = scale.growth_interval};
  Node node{.operation = operation, .inputs = {plan_.state}, .outputs = {plan_.state}, .phase = phase_};
  node.planned = layers_.plan(operation, std::vector<TensorDesc>{desc(plan_.state)});
  record(std::move(node));
}

/// A working copy in the master's own type and layout is the master; any other is made anew after each update.
void Recorder::refresh(const Cast& one) {
  const int master = plan_.parameters[static_cast<std::size_t>(one.parameter)].weights;
  if (same(desc(one.copy), desc(master))) {
    at(one.copy) = at(master);
    return;
  }
  const Operation operation = Reorder{desc(master), desc(one.copy)};
  Node node{.operation = operation, .inputs = {master}, .outputs = {one.copy}, .phase = phase_};
  node.planned = layers_.plan(operation, std::vector<TensorDesc>{desc(master)});
  plan_.casts.push_back(static_cast<int>(plan_.nodes.size()));
  record(std::move(node));
}

}  // namespace gpubench::training
