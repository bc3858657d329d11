#pragma once

#include <functional>
#include <vector>

#include "harness/devices/cuda/stream.hpp"
#include "harness/kernel.hpp"

namespace gpubench::cuda {

/// What a search found: which of the candidates, and the median seconds of a run of each; 0 of those that failed.
struct Fastest {
  std::size_t index = 0;
  std::vector<double> seconds{};
};

/// Times `candidates` ways to do the same work. Each gets a few batches of runs, in turns, so that a clock that moves
/// moves for all; the first whose median is within 1 % of the smallest wins. `enqueue(candidate)` enqueues one run on
/// `stream` and throws where that way cannot run. @throws Unsupported where none can
Fastest fastest_of(std::size_t candidates,
                   int ordinal,
                   Stream stream,
                   Progress& progress,
                   const std::function<void(std::size_t)>& enqueue);

}  // namespace gpubench::cuda
