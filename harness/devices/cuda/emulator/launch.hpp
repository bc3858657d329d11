#pragma once

#include <string_view>
#include <tuple>
#include <utility>

#include "harness/devices/cuda/emulator/grid.hpp"

namespace gpubench::emulator {

/// Runs a kernel to its end, with the schedule that is current. @throws Fault; Error for a launch that a GPU would
/// refuse
void launch(std::string_view kernel, const GridShape& shape, const std::function<void()>& body);

/// @param name what faults call it
template <class... Parameters, class... Values>
void launch(std::string_view name, const GridShape& shape, void (*kernel)(Parameters...), const Values&... values) {
  const std::tuple<std::remove_cv_t<Parameters>...> arguments{values...};
  launch(name, shape, [&] { std::apply(kernel, arguments); });
}

/// `scale<float>` out of what __PRETTY_FUNCTION__ says of a template whose argument is the kernel.
std::string kernel_name(std::string_view pretty_function);

}  // namespace gpubench::emulator
