#include "kernels/training/storage.hpp"

#include <algorithm>
#include <numeric>

#include "kernels/training/memory_plan.hpp"

namespace gpubench::training {
namespace {

constexpr int nowhere = -1;

std::size_t index(int value) { return static_cast<std::size_t>(value); }

/// First and last node that touches each value.
std::vector<Lifetime> lifetimes(const StepPlan& plan) {
  std::vector<Lifetime> lives(plan.values.size(), Lifetime{.first = nowhere, .last = nowhere});
  for (std::size_t n = 0; n < plan.nodes.size(); ++n) {
    const Node& node = plan.nodes[n];
    for (const auto& list : {node.outputs, node.inputs})
      for (const int value : list) {
        Lifetime& life = lives[index(value)];
        if (life.first == nowhere) life.first = static_cast<int>(n);
        life.last = static_cast<int>(n);
      }
  }
  for (std::size_t v = 0; v < lives.size(); ++v) lives[v].bytes = plan.values[v].desc.bytes;
  return lives;
}

/// Whether the output of node n may be stored where the input is.
bool may_take_over(const StepPlan& plan, const std::vector<Lifetime>& lives, std::size_t n, int to, int from) {
  const Node& node = plan.nodes[n];
  const Value &target = plan.values[index(to)], &source = plan.values[index(from)];
  return target.home == Home::arena && source.home == Home::arena && target.desc.bytes <= source.desc.bytes &&
         lives[index(from)].last == static_cast<int>(n) &&
         std::count(node.inputs.begin(), node.inputs.end(), from) == 1;
}

/// For each value the one whose buffer it uses; its own number where it has one of its own.
std::vector<int> shared_storage(const StepPlan& plan, const std::vector<Lifetime>& lives) {
  std::vector<int> storage(plan.values.size());
  std::iota(storage.begin(), storage.end(), 0);
  for (std::size_t n = 0; n < plan.nodes.size(); ++n) {
    const Node& node = plan.nodes[n];
    std::vector<int> taken;
    for (const auto& [output, input] : node.planned->in_place) {
      const int to = node.outputs[index(output)], from = node.inputs[index(input)];
      const bool first = storage[index(to)] == to && std::find(taken.begin(), taken.end(), from) == taken.end();
      if (!first || !may_take_over(plan, lives, n, to, from)) continue;
      storage[index(to)] = storage[index(from)];
      taken.push_back(from);
    }
  }
  return storage;
}

}  // namespace

std::size_t pack_arena(StepPlan& plan) {
  const std::vector<Lifetime> lives = lifetimes(plan);
  const std::vector<int> storage = shared_storage(plan, lives);
  const auto in_arena = [&](std::size_t v) { return plan.values[v].home == Home::arena && lives[v].first != nowhere; };

  std::vector<Lifetime> buffers;
  std::vector<int> buffer_of(plan.values.size(), nowhere);
  for (std::size_t v = 0; v < plan.values.size(); ++v) {
    if (!in_arena(v)) continue;
    int& buffer = buffer_of[index(storage[v])];
    if (buffer == nowhere) {
      buffer = static_cast<int>(buffers.size());
      buffers.push_back(lives[v]);
    }
    Lifetime& life = buffers[index(buffer)];
    life = {
        std::max(life.bytes, lives[v].bytes), std::min(life.first, lives[v].first), std::max(life.last, lives[v].last)};
  }
  const Packing packing = pack(buffers);
  for (std::size_t v = 0; v < plan.values.size(); ++v)
    if (in_arena(v)) plan.values[v].offset = packing.offsets[index(buffer_of[index(storage[v])])];
  return packing.bytes;
}

}  // namespace gpubench::training
