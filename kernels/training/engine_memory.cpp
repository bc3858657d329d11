#include <algorithm>

#include "harness/core/random.hpp"
#include "kernels/training/engine.hpp"

// What an engine takes before it runs: memory, the calls bound to it, and the weights it starts from.

namespace gpubench::training {
namespace {

constexpr std::uint64_t first_parameter_stream = 1000;

std::size_t aligned(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

}  // namespace

std::size_t Engine::slot_bytes() const {
  return aligned(desc(plan_.input).bytes) + aligned(desc(plan_.labels).bytes) + aligned(desc(plan_.rate).bytes);
}

/// Of each of the optimizer's memories.
std::size_t Engine::optimizer_bytes() const { return purpose_ == Purpose::training ? plan_.parameter_bytes : 0; }

std::size_t Engine::bytes() const {
  const std::size_t unused = (plan_.has_variance ? 2 : 1) * (plan_.parameter_bytes - optimizer_bytes());
  return plan_.bytes() - unused + staged_batches * slot_bytes();
}

void Engine::allocate() {
  const bool drawn = weights_ != nullptr;
  if (!drawn) weights_ = layers_.allocate(plan_.parameter_bytes);
  arena_ = layers_.allocate(plan_.arena_bytes);
  gradients_ = layers_.allocate(plan_.parameter_bytes);
  velocity_ = layers_.allocate(optimizer_bytes());
  variance_ = layers_.allocate(plan_.has_variance ? optimizer_bytes() : 0);
  lasting_ = layers_.allocate(plan_.lasting_bytes);
  scratch_ = layers_.allocate(plan_.scratch_bytes);
  staging_ = layers_.allocate(staged_batches * slot_bytes());
  bind_nodes();
  bind_slots();
  if (!drawn) draw_weights();
  clear_and_refresh();
}

void Engine::allocate_after(std::unique_ptr<Engine> other) {
  if (other && other->weights_ && lies_like(*other)) weights_ = std::move(other->weights_);
  other.reset();
  allocate();
}

bool Engine::lies_like(const Engine& other) const {
  const auto& mine = plan_.parameters;
  const auto& theirs = other.plan_.parameters;
  return std::equal(mine.begin(), mine.end(), theirs.begin(), theirs.end(), [&](const auto& a, const auto& b) {
    const Value& at = plan_.values[static_cast<std::size_t>(a.weights)];
    const Value& there = other.plan_.values[static_cast<std::size_t>(b.weights)];
    return at.offset == there.offset && same(at.desc, there.desc);
  });
}

void* Engine::address(int value) const {
  const Value& one = plan_.values[static_cast<std::size_t>(value)];
  const auto& memory = [&]() -> const std::unique_ptr<Memory>& {
    switch (one.home) {
      case Home::arena: return arena_;
      case Home::weights: return weights_;
      case Home::gradients: return gradients_;
      case Home::velocity: return velocity_;
      case Home::variance: return variance_;
      case Home::lasting: break;
    }
    return lasting_;
  }();
  return memory->data() + one.offset;
}

void Engine::bind_nodes() {
  for (std::size_t n = 0; n < plan_.nodes.size(); ++n) {
    const Node& node = plan_.nodes[n];
    const bool cast = std::find(plan_.casts.begin(), plan_.casts.end(), static_cast<int>(n)) != plan_.casts.end();
    if (purpose_ == Purpose::gradient_only && n >= plan_.updates && !cast) {
      calls_.emplace_back();  // its memory is not there
      continue;
    }
    std::vector<void*> inputs, outputs;
    for (const int value : node.inputs) inputs.push_back(address(value));
    for (const int value : node.outputs) outputs.push_back(address(value));
    calls_.push_back(node.planned->bind(inputs, outputs, scratch_->data()));
  }
}

void Engine::bind_slots() {
  std::byte* at = staging_->data();
  const auto take = [&](Slot& slot, const Planned& copy, int value) {
    std::byte* const place = at;
    at += aligned(desc(value).bytes);
    slot.feed.push_back(copy.bind(std::vector<void*>{place}, std::vector<void*>{address(value)}, scratch_->data()));
    return place;
  };
  slots_.resize(staged_batches);
  for (Slot& slot : slots_) {
    slot.input = take(slot, *copy_input_, plan_.input);
    slot.labels = take(slot, *copy_labels_, plan_.labels);
    slot.rate = take(slot, *copy_rate_, plan_.rate);
  }
}

/// Every parameter is drawn from a stream of its own in row-major order, so that modes and devices start from equal
/// weights.
void Engine::draw_weights() {
  layers_.clear(weights_->data(), plan_.parameter_bytes);
  for (std::size_t p = 0; p < plan_.parameters.size(); ++p) {
    const Parameter& parameter = plan_.parameters[p];
    const Random random(network_.seed, first_parameter_stream + p);
    layers_.fill(desc(parameter.weights), address(parameter.weights), random, parameter.mean, parameter.deviation);
  }
}

void Engine::clear_and_refresh() {
  layers_.clear(gradients_->data(), plan_.parameter_bytes);
  layers_.clear(velocity_->data(), optimizer_bytes());
  if (plan_.has_variance) layers_.clear(variance_->data(), optimizer_bytes());
  write_state({.loss_scale = network_.loss_scale.initial});
  refresh_casts();
}

}  // namespace gpubench::training
