#include "kernels/training/step_check.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include <fmt/format.h>

#include "harness/core/random.hpp"
#include "kernels/training/oracle/oracle.hpp"

namespace gpubench::training {
namespace {

constexpr std::int64_t samples_per_output = 256;
constexpr std::uint64_t sample_stream = 77;

std::size_t floats(const TensorDesc& desc) {
  return desc.type == Type::opaque ? 0 : sizeof(float) * static_cast<std::size_t>(elements(desc.shape));
}

/// Compares the nodes of one step with the oracle as they run.
class StepCheck {
 public:
  StepCheck(Engine& engine, Depth depth, Progress& progress) : engine_(engine), depth_(depth), progress_(progress) {}

  Verification run() {
    engine_.visit_step(
        {.before = [this](const Node& node) { before(node); }, .after = [this](const Node& node) { after(node); }});
    if (const double loss = engine_.loss(); !std::isfinite(loss)) found_.mismatch = fmt::format("the loss is {}", loss);
    return found_;
  }

 private:
  bool wanted(const Node& node) {
    const std::string key = depth_ == Depth::every_operation
                                ? text(node.operation)
                                : fmt::format("{} {} {}", kind(node.operation), pass(node.operation), node.phase);
    return seen_.insert(key).second;
  }

  /// Inputs are copied before the node runs: it may overwrite them.
  void before(const Node& node) {
    checking_ = !found_.mismatch && wanted(node);
    if (!checking_) return;
    progress_.on("verifying " + text(node.operation));
    inputs_.resize(std::max(inputs_.size(), node.inputs.size()));
    for (std::size_t i = 0; i < node.inputs.size(); ++i)
      if (engine_.desc(node.inputs[i]).type != Type::opaque) engine_.read(node.inputs[i], inputs_[i]);
  }

  void after(const Node& node) {
    if (!checking_) return;
    std::vector<oracle::Numbers> numbers;
    for (std::size_t i = 0; i < node.inputs.size(); ++i)
      numbers.push_back(engine_.desc(node.inputs[i]).type == Type::opaque
                            ? oracle::Numbers()
                            : oracle::Numbers(std::span<const float>(inputs_[i])));
    const auto truth = oracle::oracle_of(node.operation, std::move(numbers));
    for (std::size_t output = 0; output < node.outputs.size(); ++output)
      if (engine_.desc(node.outputs[output]).type != Type::opaque) compare(node, *truth, output);
  }

  void compare(const Node& node, oracle::Oracle& truth, std::size_t output) {
    engine_.read(node.outputs[output], output_);
    const auto count = static_cast<std::int64_t>(output_.size());
    const Random random(static_cast<std::uint64_t>(seen_.size()), sample_stream + output);
    const std::int64_t samples = std::min(count, samples_per_output);
    for (std::int64_t i = 0; i < samples && !found_.mismatch; ++i) {
      const std::int64_t element = samples == count
                                       ? i
                                       : static_cast<std::int64_t>(random.bits(static_cast<std::uint64_t>(i)) %
                                                                   static_cast<std::uint64_t>(count));
      const double value = static_cast<double>(output_[static_cast<std::size_t>(element)]);
      const oracle::Truth should = truth.at(static_cast<int>(output), element);
      if (!oracle::holds(value, should, found_))
        found_.mismatch = fmt::format("{} ({}): output {} element {} is {:.9g}, should be {:.9g} within {:.2g}",
                                      text(node.operation),
                                      node.planned->implementation,
                                      output,
                                      element,
                                      value,
                                      should.value,
                                      should.bound);
    }
  }

  Engine& engine_;
  Depth depth_;
  Progress& progress_;
  std::set<std::string> seen_{};
  bool checking_ = false;  // this node
  std::vector<std::vector<float>> inputs_{};
  std::vector<float> output_{};
  Verification found_{.scope = "parts", .against = "oracle"};
};

}  // namespace

Verification check_step(Engine& engine, Depth depth, Progress& progress) {
  return StepCheck(engine, depth, progress).run();
}

std::size_t check_bytes(const StepPlan& plan) {
  std::size_t most = 0;
  for (const Node& node : plan.nodes) {
    std::size_t inputs = 0, output = 0;
    for (const int value : node.inputs) inputs += floats(plan.values[static_cast<std::size_t>(value)].desc);
    for (const int value : node.outputs)
      output = std::max(output, floats(plan.values[static_cast<std::size_t>(value)].desc));
    most = std::max(most, inputs + output);
  }
  return most;
}

}  // namespace gpubench::training
