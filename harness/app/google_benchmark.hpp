#pragma once

#include <functional>
#include <vector>

#include "harness/app/protocol.hpp"
#include "harness/measure/sampling.hpp"
#include "harness/problem.hpp"

namespace gpubench {

/// Runs the cases in their order under Google Benchmark, each once, and tells what happens. After a lost device nothing
/// more is run. Once a process.
void run_under_google_benchmark(const std::vector<Case>& cases,
                                const Sampling& sampling,
                                const std::function<void(const Event&)>& tell);

}  // namespace gpubench
