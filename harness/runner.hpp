#pragma once

#include "harness/measure/sampling.hpp"
#include "harness/problem.hpp"

namespace gpubench {

/// Runs one case from planning to the finished row: plan, memory against what is available, verify, settle, sample
/// under watch, verify again. What goes wrong is a status and a sentence in the row, never an exception, except
/// DeviceLost, which the row carries too but after which this process must run nothing more.
struct Outcome {
  CaseResult row{};
  bool device_lost = false;
};
Outcome run_case(const Case& one, const Sampling& sampling, Progress& progress);

}  // namespace gpubench
