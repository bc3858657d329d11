#pragma once

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
  explicit Recorder(Layers& layers) : layers_(layers) {}

  void phase(std::string_view name) { phase_ = name; }
  int value(TensorDesc desc, Home home = Home::arena);
  const TensorDesc& desc(int value) const { return plan_.values[static_cast<std::size_t>(value)].desc; }
  const Shape& shape(int value) const { return desc(value).shape; }

  /// Records an operation. @returns its outputs
  std::vector<int> emit(const Operation& operation, const std::vector<Operand>& operands);

  int parameter(std::string name, Shape shape, bool decays, double mean, double deviation);
  /// The gradient's layout becomes that of the master weights.
  void set_gradient(int parameter, int gradient);

  /// Adds to the gradient of a value.
  void contribute(int value, int gradient);
  int gradient(int value) const;

  /// The optimizer, the casts, and where everything lies.
  StepPlan finish(const Optimizer& optimizer, double loss_scale);

  StepPlan& plan() { return plan_; }

 private:
  struct Cast {
    int parameter, copy;
  };

  std::vector<int> record(Node node);
  int reordered(int from, const TensorDesc& wanted);
  int cast(int parameter, const TensorDesc& wanted);
  std::size_t lay_out_parameters();
  void update(const Optimizer& optimizer, double loss_scale, std::size_t from, std::size_t to, double decay);
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
