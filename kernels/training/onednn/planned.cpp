#include "kernels/training/onednn/planned.hpp"

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "kernels/training/host/loops.hpp"

namespace gpubench::training::onednn {
namespace {

/// Seconds instead of milliseconds, and silently: matmul with a broadcast mask took 2.7 s for 2 ms. A reorder is let
/// through: it has no faster form where this one is chosen, and the step is bound by others.
void refuse_reference(const std::string& implementation, const Operation& operation) {
  if (implementation.starts_with("ref") && !std::holds_alternative<Reorder>(operation))
    throw Unsupported(
        fmt::format("oneDNN has only its reference implementation of {}: {}", text(operation), implementation));
}

/// A primitive with its memory, ready to run as often as wanted without taking more.
class Bound {
 public:
  Bound(const Setting& setting, dnnl::primitive primitive, std::shared_ptr<const Operation> operation)
      : engine_(setting.engine),
        stream_(setting.stream),
        primitive_(std::move(primitive)),
        operation_(std::move(operation)) {}

  void add(int argument, const Desc& desc, void* data) {
    memories_.emplace_back(desc, engine_, data);
    arguments_.push_back({argument, memories_.back().get()});
  }

  void operator()() const {
    const dnnl_status_t status = dnnl::dnnl_primitive_execute(
        primitive_.get(), stream_.get(), static_cast<int>(arguments_.size()), arguments_.data());
    if (status != dnnl_success) translate(dnnl::error(status, "a primitive failed"), *operation_);
  }

 private:
  dnnl::engine engine_;
  dnnl::stream stream_;
  dnnl::primitive primitive_;
  std::shared_ptr<const Operation> operation_;
  std::vector<dnnl::memory> memories_;
  std::vector<dnnl_exec_arg_t> arguments_;
};

class PlannedPrimitive : public Planned {
 public:
  PlannedPrimitive(const Setting& setting,
                   const Operation& operation,
                   const dnnl::primitive_desc_base& primitive,
                   const std::vector<Operand>& input_operands,
                   const std::vector<Operand>& output_operands,
                   Tensors tensors)
      : setting_(setting),
        operation_(std::make_shared<Operation>(operation)),
        input_operands_(input_operands),
        output_operands_(output_operands),
        scratch_(primitive.scratchpad_desc()),
        primitive_(primitive.get()) {
    scratch_bytes = scratch_.get_size();
    if (tensors == Tensors::as_described) return;
    const Operands like = operands(operation);
    for (std::size_t i = 0; i < input_operands.size(); ++i)
      inputs.push_back(tensor_of(like.inputs.at(i), input_operands[i].desc));
    for (std::size_t i = 0; i < output_operands.size(); ++i)
      outputs.push_back(tensor_of(like.outputs.at(i), output_operands[i].desc));
  }

  std::function<void()> bind(std::span<void* const> from, std::span<void* const> to, void* scratch) const override try {
    if (from.size() != input_operands_.size() || to.size() != output_operands_.size())
      throw Error(fmt::format("{} bound to a wrong number of operands", text(*operation_)));
    auto bound = std::make_shared<Bound>(setting_, primitive_, operation_);
    for (std::size_t i = 0; i < from.size(); ++i)
      if (input_operands_[i].argument != Operand::unused)
        bound->add(input_operands_[i].argument, input_operands_[i].desc, from[i]);
    for (std::size_t i = 0; i < to.size(); ++i)
      if (output_operands_[i].argument != Operand::unused)
        bound->add(output_operands_[i].argument, output_operands_[i].desc, to[i]);
    if (scratch_bytes > 0) bound->add(DNNL_ARG_SCRATCHPAD, scratch_, scratch);
    return [bound] { (*bound)(); };
  } catch (const dnnl::error& error) {
    translate(error, *operation_);
  }

 private:
  Setting setting_;
  std::shared_ptr<const Operation> operation_;
  std::vector<Operand> input_operands_, output_operands_;
  Desc scratch_;
  dnnl::primitive primitive_;
};

class FollowedBy : public Planned {
 public:
  FollowedBy(std::unique_ptr<Planned> plan, BindLoop bind) : plan_(std::move(plan)), bind_(std::move(bind)) {
    inputs = plan_->inputs;
    outputs = plan_->outputs;
    in_place = plan_->in_place;
    scratch_bytes = plan_->scratch_bytes;
    implementation = plan_->implementation;
  }

  std::function<void()> bind(std::span<void* const> from, std::span<void* const> to, void* scratch) const override {
    return [first = plan_->bind(from, to, scratch), second = bind_(from, to)] {
      first();
      second();
    };
  }

 private:
  std::unique_ptr<Planned> plan_;
  BindLoop bind_;
};

class PlannedLoop : public Planned {
 public:
  PlannedLoop(const Operation& operation, BindLoop bind) : bind_(std::move(bind)) {
    const Operands like = operands(operation);
    for (const TensorDesc& input : like.inputs) inputs.push_back(tensor_of(input, plain_desc(input.shape, input.type)));
    for (const TensorDesc& output : like.outputs)
      outputs.push_back(tensor_of(output, plain_desc(output.shape, output.type)));
    implementation = "gpubench:" + host::vectors_text();
  }

  std::function<void()> bind(std::span<void* const> from, std::span<void* const> to, void*) const override {
    return bind_(from, to);
  }

 private:
  BindLoop bind_;
};

}  // namespace

Setting Setting::make() {
  Setting setting;
  setting.engine = dnnl::engine(dnnl::engine::kind::cpu, 0);
  setting.stream = dnnl::stream(setting.engine);
  setting.attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return setting;
}

std::unique_ptr<Planned> planned(const Setting& setting,
                                 const Operation& operation,
                                 const dnnl::primitive_desc_base& primitive,
                                 const std::vector<Operand>& inputs,
                                 const std::vector<Operand>& outputs,
                                 Tensors tensors) {
  const std::string implementation = primitive.impl_info_str();
  refuse_reference(implementation, operation);
  auto plan = std::make_unique<PlannedPrimitive>(setting, operation, primitive, inputs, outputs, tensors);
  plan->implementation = implementation;
  return plan;
}

std::unique_ptr<Planned> planned(const Setting& setting,
                                 const Operation& operation,
                                 const dnnl::primitive_desc_base& primitive,
                                 const std::vector<Operand>& inputs,
                                 const std::vector<Operand>& outputs,
                                 std::vector<Planned::InPlace> in_place) {
  auto plan = planned(setting, operation, primitive, inputs, outputs, Tensors::of_the_operation);
  plan->in_place = std::move(in_place);
  return plan;
}

std::unique_ptr<Planned> planned_loop(const Operation& operation,
                                      BindLoop bind,
                                      std::vector<Planned::InPlace> in_place) {
  auto plan = std::make_unique<PlannedLoop>(operation, std::move(bind));
  plan->in_place = std::move(in_place);
  return plan;
}

std::unique_ptr<Planned> followed_by(std::unique_ptr<Planned> plan, BindLoop bind) {
  return std::make_unique<FollowedBy>(std::move(plan), std::move(bind));
}

void translate(const dnnl::error& error, const Operation& operation) {
  switch (error.status) {
    case dnnl_unimplemented:
      throw Unsupported(fmt::format("oneDNN {} has no {} on this CPU", onednn_version(), text(operation)));
    case dnnl_out_of_memory: throw OutOfMemory(fmt::format("oneDNN ran out of memory in {}", text(operation)));
    default: throw Error(fmt::format("oneDNN: {} in {}", error.what(), text(operation)));
  }
}

}  // namespace gpubench::training::onednn
