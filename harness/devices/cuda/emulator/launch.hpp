#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "harness/devices/cuda/emulator/grid.hpp"
#include "harness/devices/cuda/stream.hpp"

namespace gpubench::emulator {

/// Who decides when a launch runs, where it is not at once: a runtime whose streams can be recorded. Null: at once.
inline void (*take_launch)(cuda::Stream stream, std::function<void()> run) = nullptr;

/// Runs a kernel to its end, with the schedule that is current. @throws Fault; Error for a launch that a GPU would
/// refuse
void launch(std::string_view kernel, const GridShape& shape, const std::function<void()>& body);

/// @param name what faults call it
template <class... Parameters, class... Values>
void launch(cuda::Stream stream,
            const std::string& name,
            const GridShape& shape,
            void (*kernel)(Parameters...),
            const Values&... values) {
  const std::tuple<std::remove_cv_t<Parameters>...> arguments{values...};
  const auto run = [=] { launch(name, shape, [&] { std::apply(kernel, arguments); }); };
  if (take_launch)
    take_launch(stream, run);
  else
    run();
}

/// `scale<float>` out of what __PRETTY_FUNCTION__ says of a template whose argument is the kernel.
std::string kernel_name(std::string_view pretty_function);

}  // namespace gpubench::emulator
