#pragma once

#include <cstddef>

#include "harness/kernel.hpp"
#include "kernels/training/engine.hpp"

namespace gpubench::training {

/// Which nodes of a step are recomputed: each distinct operation once, or one of each kind and pass.
enum class Depth { every_operation, every_kind };

/// Runs one step of a network at its own size, on its own buffers and plans, and recomputes a seeded sample of the
/// elements of every operation's outputs in double from the inputs it had. @pre a batch is staged
Verification check_step(Engine& engine, Depth depth, Progress& progress);

/// Bytes of host memory that check_step() needs at most at one time.
std::size_t check_bytes(const StepPlan& plan);

}  // namespace gpubench::training
