#pragma once

#include <cstddef>

#include "kernels/training/step_plan.hpp"

namespace gpubench::training {

/// Gives every value of the arena an offset: values share memory when their lives do not meet, and an output takes over
/// the buffer of an input that nobody reads later, where its operation allows it. @returns the size of the arena in
/// bytes
std::size_t pack_arena(StepPlan& plan);

}  // namespace gpubench::training
