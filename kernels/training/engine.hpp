#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "kernels/training/parity.hpp"
#include "kernels/training/step_plan.hpp"
#include "kernels/training/teacher.hpp"

namespace gpubench::training {

/// Trains one network on one device. Construction plans; allocate() takes the memory and sets the initial weights; then
/// steps run from a recorded list, each on a batch of its own that stage() made ready. Knows no vendor.
class Engine {
 public:
  /// Batches that are staged at a time. @throws Unsupported
  static constexpr int staged_batches = 8;

  /// What an engine is for: to train, or one forward and backward pass, which needs no memory of an optimizer.
  enum class Purpose { training, gradient_only };

  Engine(const Network& network, Layers& layers, Purpose purpose = Purpose::training);

  const StepPlan& plan() const { return plan_; }
  /// Everything allocate() will take.
  std::size_t bytes() const;

  /// @throws OutOfMemory
  void allocate();
  /// The same, with the initial weights of an engine that has not trained: where they lie alike its memory is taken
  /// over, which costs nothing. It gives all of its memory back. @pre an equal network and seed, in another mode
  void allocate_after(std::unique_ptr<Engine> other);

  /// Makes the batches of the next steps, at most `staged_batches` of them; further ones are the same again.
  void stage(int steps);
  /// Enqueues steps back to back. @pre stage() was called for at least one
  void enqueue(int steps);
  void wait() { layers_.wait(); }

  /// Called around each node of a step; operand addresses by value number.
  struct Visitor {
    std::function<void(const Node&)> before{};
    std::function<void(const Node&)> after{};
  };
  /// One step, node by node, waiting after each.
  void visit_step(const Visitor& visitor);

  /// Of the last step (of its last batch, where several make a step); waits.
  double loss();
  std::int64_t steps_done() const { return step_; }

  /// The loss scale now, and how many updates were made or, for gradients that overflowed, skipped; waits.
  struct State {
    double loss_scale = 1;
    std::int64_t good_steps = 0, taken = 0, skipped = 0;
  };
  State state();
  void set_loss_scale(double scale);

  const TensorDesc& desc(int value) const { return plan_.values[static_cast<std::size_t>(value)].desc; }
  void* address(int value) const;
  /// A value as row-major numbers; waits. @pre not opaque
  std::vector<float> read(int value);
  void read(int value,
            std::vector<float>& into);  ///< keeps what `into` has allocated: fresh pages are what reading costs
  void write(int value, std::span<const float> values);

  /// The gradient of the last step, loss scale removed, and the weights: every parameter row-major, one after the
  /// other.
  std::vector<float> gradient();
  /// Loss and gradient of the last step, as modes are compared by them.
  FirstStep first_step();
  std::vector<float> weights();
  /// Sets the weights and their working copies. @pre as many as weights() has
  void set_weights(std::span<const float> values);

 private:
  struct Slot {
    std::vector<std::function<void()>> feed{};  // input, labels, rate into the places the step reads
    std::byte *input = nullptr, *labels = nullptr, *rate = nullptr;
  };

  void bind_nodes();
  void bind_slots();
  void clear_and_refresh();
  void draw_weights();
  bool lies_like(const Engine& other) const;
  void refresh_casts();
  void write_state(const State& state);
  std::size_t slot_bytes() const;
  std::size_t optimizer_bytes() const;
  std::vector<float> collect(int Parameter::*value);
  Slot& next_slot();
  /// Every node of one step, batch by batch.
  void each_node(const std::function<void(std::size_t)>& visit);

  Network network_;
  Layers& layers_;
  Purpose purpose_;
  Teacher teacher_;
  StepPlan plan_;
  std::unique_ptr<Memory> arena_, weights_, gradients_, velocity_, variance_, lasting_, scratch_, staging_;
  std::vector<std::function<void()>> calls_{};  // one a node
  std::unique_ptr<Planned> copy_input_, copy_labels_, copy_rate_;
  std::vector<Slot> slots_{};
  int staged_ = 0, next_ = 0;         // slots that hold a batch, and the one the next step reads
  std::int64_t made_ = 0, step_ = 0;  // batches, steps
};

}  // namespace gpubench::training
