#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "harness/devices/cuda/cudnn/plan.hpp"

namespace gpubench::cudnn {

/// An engine with its knobs turned, as the heuristics propose it, and what cuDNN says of it before it is built.
struct Plan::Candidate {
  explicit Candidate(const Descriptor& config);

  std::int64_t engine = 0;
  std::vector<std::pair<Knob, std::int64_t>> knobs{};
  std::vector<NumericalNote> notes{};
  std::vector<BehaviorNote> behavior{};
};

}  // namespace gpubench::cudnn
