#include "kernels/training/training_kernel.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "harness/core/format.hpp"
#include "kernels/training/engine.hpp"
#include "kernels/training/parity.hpp"
#include "kernels/training/small_check.hpp"
#include "kernels/training/small_network.hpp"
#include "kernels/training/step_check.hpp"

namespace gpubench::training {
namespace {

class TrainingKernel : public Kernel {
 public:
  TrainingKernel(const Network& network, TrainingDevice device)
      : network_(network), device_(std::move(device)), layers_(device_.layers()), engine_(network, *layers_) {}

  std::map<std::string, std::string> plan() const override {
    std::map<std::string, std::map<std::string, int>> counts;
    for (const Node& node : engine_.plan().nodes) {
      const std::string_view pass = training::pass(node.operation);
      counts[fmt::format("{} {}", kind(node.operation), pass.empty() ? node.phase : pass)]
            [node.planned->implementation]++;
    }
    std::map<std::string, std::string> plan;
    for (const auto& [what, implementations] : counts)
      for (const auto& [implementation, count] : implementations)
        plan[what] += fmt::format("{}{} x {}", plan[what].empty() ? "" : ", ", implementation, count);
    return plan;
  }

  /// Beside the engine: what a check reads, and both gradients that are compared.
  double memory_bytes() const override {
    const std::size_t gradient = network_.mode == Mode::fp32 ? 0 : engine_.plan().parameter_bytes;
    return static_cast<double>(engine_.bytes() + gradient + std::max(gradient, check_bytes(engine_.plan())));
  }

  void allocate(Progress& progress) override {
    auto reference = network_.mode == Mode::fp32 ? nullptr : first_step_of_fp32(progress);
    progress.on("allocating");
    engine_.allocate_after(std::move(reference));
  }

  void stage(int runs) override { engine_.stage(runs); }

  void enqueue(int runs) override { engine_.enqueue(runs); }

  Verification verify(bool again, Progress& progress) override {
    if (again) after_ = engine_.state();
    engine_.stage(1);
    const bool first = engine_.steps_done() == 0;
    if (first && network_.loss_scale.dynamic) {
      find_loss_scale(progress);
      compare_with_fp32();
    }
    Verification found = check_a_step(again ? Depth::every_kind : Depth::every_operation, progress);
    if (again && after_.taken == before_.taken)
      found.mismatch =
          fmt::format("no step trained: the gradients overflowed at every loss scale down to {}", after_.loss_scale);
    if (found.mismatch) return found;
    if (first && !network_.loss_scale.dynamic) compare_with_fp32();
    if (!again) before_ = engine_.state();
    if (parity_ && parity_->mismatch) found.mismatch = "parity with fp32: " + *parity_->mismatch;
    if (!found.mismatch && !again) check_small_step(found, progress);
    return found;
  }

  std::vector<Part> parts() override {
    engine_.stage(1);
    std::vector<Part> parts;
    std::chrono::steady_clock::time_point start;
    engine_.visit_step({.before = [&](const Node&) { start = std::chrono::steady_clock::now(); },
                        .after =
                            [&](const Node& node) {
                              const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
                              Part& part = part_of(parts, node);
                              part.seconds += took.count();
                              part.work += work(node.operation);
                              ++part.operations;
                            }});
    return parts;
  }

  /// `steps_skipped`: of those in the timed window and its warm-up, for gradients that overflowed.
  void describe(CaseResult& row) const override {
    row.parity = parity_;
    if (!network_.loss_scale.dynamic) return;
    row.telemetry["loss_scale"] = after_.loss_scale;
    row.telemetry["steps_trained"] = static_cast<double>(after_.taken - before_.taken);
    row.telemetry["steps_skipped"] = static_cast<double>(after_.skipped - before_.skipped);
  }

 private:
  static Part& part_of(std::vector<Part>& parts, const Node& node) {
    const std::string_view pass = training::pass(node.operation).empty() ? node.phase : training::pass(node.operation);
    for (Part& part : parts)
      if (part.kind == kind(node.operation) && part.pass == pass) return part;
    return parts.emplace_back(Part{.kind = std::string(kind(node.operation)), .pass = std::string(pass)});
  }

  /// The same network from the same weights on the same batch in fp32. @returns the engine, whose weights did not
  /// change; null where there is no memory for it
  std::unique_ptr<Engine> first_step_of_fp32(Progress& progress) {
    progress.on("one step in fp32, to compare with");
    Network network = network_;
    network.mode = Mode::fp32;
    network.loss_scale = {};
    auto engine = std::make_unique<Engine>(network, *layers_, Engine::Purpose::gradient_only);
    const double needs = static_cast<double>(engine->bytes() + engine->plan().parameter_bytes),
                 has = device_.available_memory();
    if (needs > has) {
      parity_ = Parity{
          .against = "fp32",
          .not_checked = fmt::format("fp32 needs {} of memory, has {}", text_of_bytes(needs), text_of_bytes(has))};
      return nullptr;
    }
    engine->allocate();
    engine->stage(1);
    engine->enqueue(1);
    reference_ = engine->first_step();
    return engine;
  }

  /// Steps on the first batch until one does not overflow: a skipped step leaves the weights as they were, so the first
  /// one that trains starts where fp32 does.
  void find_loss_scale(Progress& progress) {
    constexpr int halvings = 40;  // from the largest number of FP32 that is a sensible scale to none at all
    progress.on("looking for a loss scale");
    for (int i = 0; i < halvings && engine_.state().taken == 0; ++i) engine_.enqueue(1);
  }

  /// A step whose gradients overflow is full of numbers that agree with nothing; the scale is halved after it.
  Verification check_a_step(Depth depth, Progress& progress) {
    for (int attempt = 1;; ++attempt) {
      const std::int64_t skipped = engine_.state().skipped;
      Verification found = check_step(engine_, depth, progress);
      if (attempt == 3 || engine_.state().skipped == skipped) return found;
    }
  }

  /// The first step has just been done: its gradient is still there.
  void compare_with_fp32() {
    if (!reference_) return;
    parity_ = parity(engine_.first_step(), *reference_, parity_limits(network_.mode));
    reference_.reset();
  }

  void check_small_step(Verification& found, Progress& progress) {
    progress.on("verifying a small network's whole step");
    const SmallCheck small = check_small_network(small_one_like(network_), *layers_);
    found.error = std::max(found.error, small.error);
    found.checked += small.checked;
    found.mismatch = small.mismatch;
  }

  Network network_;
  TrainingDevice device_;
  std::unique_ptr<Layers> layers_;
  Engine engine_;
  std::optional<FirstStep> reference_{};
  std::optional<Parity> parity_{};
  Engine::State before_{}, after_{};  // the timed window
};

}  // namespace

std::unique_ptr<Kernel> make_training_kernel(const Network& network, TrainingDevice device) {
  return std::make_unique<TrainingKernel>(network, std::move(device));
}

}  // namespace gpubench::training
