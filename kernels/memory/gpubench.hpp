#pragma once

#include <functional>
#include <memory>
#include <span>

#include "harness/devices/cpu/memory_loops.hpp"
#include "harness/kernel.hpp"
#include "kernels/memory/memory_pass.hpp"

namespace gpubench {

/// What does a pass: cpu::stream, or what a test puts in its place.
using StreamPass =
    std::function<void(cpu::StreamLoop, cpu::Stores, std::span<const float>, std::span<const float>, std::span<float>)>;

/// Our own loops on all cores of the host. Every element of the result is checked before and after the timed window.
std::unique_ptr<Kernel> make_memory_kernel(const MemoryPass& pass, StreamPass stream = cpu::stream);

}  // namespace gpubench
