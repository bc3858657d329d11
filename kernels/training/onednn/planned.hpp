#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "harness/devices/cpu/onednn_api.hpp"
#include "kernels/training/layers.hpp"
#include "kernels/training/onednn/desc.hpp"

namespace gpubench::training::onednn {

/// What every primitive of one OneDnnLayers shares. A copy refers to the same engine and stream.
struct Setting {
  dnnl::engine engine{};
  dnnl::stream stream{};
  dnnl::primitive_attr attr{};  ///< scratchpad by the user, so that plans know its size

  static Setting make();  ///< @throws Unsupported where there is no oneDNN
};

/// One input or output of a primitive. Argument `unused`: the operation has it, the primitive does not read it.
struct Operand {
  static constexpr int unused = 0;
  int argument = unused;
  Desc desc{};
};

/// What a plan says of its operands: the operation's tensors, or, where it is only a part of the operation, nothing.
enum class Tensors { of_the_operation, as_described };

/// A primitive as a plan. @throws Unsupported when oneDNN chose its reference implementation
std::unique_ptr<Planned> planned(const Setting& setting,
                                 const Operation& operation,
                                 const dnnl::primitive_desc_base& primitive,
                                 const std::vector<Operand>& inputs,
                                 const std::vector<Operand>& outputs,
                                 std::vector<Planned::InPlace> in_place = {});
std::unique_ptr<Planned> planned(const Setting& setting,
                                 const Operation& operation,
                                 const dnnl::primitive_desc_base& primitive,
                                 const std::vector<Operand>& inputs,
                                 const std::vector<Operand>& outputs,
                                 Tensors tensors);

/// A loop of our own as a plan: operands are plain, `bind` makes the call.
using BindLoop = std::function<std::function<void()>(std::span<void* const> inputs, std::span<void* const> outputs)>;
std::unique_ptr<Planned> planned_loop(const Operation& operation,
                                      BindLoop bind,
                                      std::vector<Planned::InPlace> in_place = {});

/// The plan, and after it a loop on the same operands.
std::unique_ptr<Planned> followed_by(std::unique_ptr<Planned> plan, BindLoop bind);

/// Throws what dnnl::error stands for in this project.
[[noreturn]] void translate(const dnnl::error& error, const Operation& operation);

}  // namespace gpubench::training::onednn
