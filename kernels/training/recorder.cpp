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

std::vector<int> Recorder::emit(const Operation& operation, const std::vector<Operand>& operands) {
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
  for (const TensorDesc& output : node.planned->outputs) node.outputs.push_back(value(output));
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
  plan_.parameters[static_cast<std::size_t>(parameter)].gradient = gradient;
  at(gradient).home = Home::gradients;
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

StepPlan Recorder::finish(const Optimizer& optimizer, double loss_scale) {
  const std::size_t decayed_bytes = lay_out_parameters();
  update(optimizer, loss_scale, 0, decayed_bytes, optimizer.decay);
  update(optimizer, loss_scale, decayed_bytes, plan_.parameter_bytes, 0);
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

/// The optimizer over the parameters between two offsets, bucket by bucket; buckets are what ranks will exchange, too.
void Recorder::update(const Optimizer& optimizer, double loss_scale, std::size_t from, std::size_t to, double decay) {
  const std::size_t element_bytes = layers_.plain({64}, Type::f32).bytes / 64;
  for (std::size_t offset = from; offset < to; offset += bucket_elements * element_bytes) {
    const auto count = static_cast<std::int64_t>(std::min(bucket_elements, (to - offset) / element_bytes));
    const TensorDesc bucket = layers_.plain({count}, Type::f32);
    const SgdMomentum sgd{.count = count,
                          .decayed = decay > 0 ? count : 0,
                          .momentum = optimizer.momentum,
                          .decay = decay,
                          .loss_scale = loss_scale};
    Node node{.operation = sgd, .phase = phase_};
    for (const Home home : {Home::weights, Home::gradients, Home::velocity}) {
      node.inputs.push_back(value(bucket, home));
      at(node.inputs.back()).offset = offset;
    }
    node.inputs.push_back(plan_.rate);
    node.outputs = {node.inputs[0], node.inputs[2]};  // in place
    node.planned = layers_.plan(sgd, std::vector<TensorDesc>{bucket, bucket, bucket, desc(plan_.rate)});
    record(std::move(node));
  }
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
