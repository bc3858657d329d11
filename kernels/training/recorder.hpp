#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernels/training/step_plan.hpp"

namespace gpubench::training {

/// An operand of a node while it is recorded: a value, or a parameter whose working copy follows the layout asked for.
struct Operand {
  int value = -1;
  int parameter = -1;
};
inline Operand weights_of(int parameter) { return {.parameter = parameter}; }

/// Records a step node by node: plans each operation on the device, brings its operands into the layouts it wants,
/// keeps the gradient of every value and the working copies of every parameter. What is recorded is StepPlan; finish()
/// completes it.
class Recorder {
 public:
  Recorder(Layers& layers, int accumulate) : layers_(layers) { plan_.accumulate = accumulate; }

  void phase(std::string_view name) { phase_ = name; }
  int value(TensorDesc desc, Home home = Home::arena);
  const TensorDesc& desc(int value) const { return plan_.values[static_cast<std::size_t>(value)].desc; }
  const Shape& shape(int value) const { return desc(value).shape; }

  /// Records an operation. The first outputs are stored in the values `onto`, inputs that it may overwrite. @returns
  /// its outputs
  std::vector<int> emit(const Operation& operation,
                        const std::vector<Operand>& operands,
                        const std::vector<int>& onto = {});

  int parameter(std::string name, Shape shape, bool decays, double mean, double deviation);
  /// The gradient's layout becomes that of the master weights. Where batches are accumulated, it is added to the sum.
  void set_gradient(int parameter, int gradient);

  /// Adds to the gradient of a value.
  void contribute(int value, int gradient);
  int gradient(int value) const;

  /// The optimizer, the casts, and where everything lies.
  StepPlan finish(const Optimizer& optimizer, const LossScale& scale);

  StepPlan& plan() { return plan_; }

 private:
  struct Cast {
    int parameter, copy;
  };

  std::vector<int> record(Node node);
  int reordered(int from, const TensorDesc& wanted);
  int cast(int parameter, const TensorDesc& wanted);
  std::size_t lay_out_parameters();
  using Bytes = std::pair<std::size_t, std::size_t>;  // of the parameters: from, to
  void each_bucket(Bytes range, const std::function<void(std::size_t offset, std::int64_t count)>& visit);
  void in_buckets(const Operation& operation, std::size_t offset, const std::vector<Home>& memories, bool needs_rate);
  void update(const Optimizer& optimizer, Bytes range, double decay);
  void check_finite();
  void update_state(const LossScale& scale);
  void refresh(const Cast& one);
  Value& at(int value) { return plan_.values[static_cast<std::size_t>(value)]; }

  Layers& layers_;
  StepPlan plan_{};
  std::string_view phase_{};
  std::vector<int> gradients_{};  // of each value, -1 while there is none
  std::vector<Cast> casts_{};
  std::vector<std::pair<int, int>> reordered_{};  // value, its copy in another layout
};

}  // namespace gpubench::training
