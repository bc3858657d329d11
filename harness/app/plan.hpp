#pragma once

#include <cstdint>
#include <vector>

#include "harness/app/protocol.hpp"

namespace gpubench {

/// What runs in which order. Cases that no device can run are rows already and need no worker.
struct Plan {
  struct Launch {
    std::vector<std::vector<Candidate>> workers{};  ///< the cases of each worker
  };
  std::vector<Launch> launches{};
  std::vector<CaseResult> unsupported{};
  double case_seconds = 0;  ///< measuring time of one case in one launch
  int cases = 0;            ///< over all launches

  bool empty() const { return cases == 0; }
};

/// In each launch another order, drawn from the seed; first one worker for the cases that can share one, then the
/// others. @param budget_seconds of measuring, shared evenly
Plan make_plan(const std::vector<Candidate>& chosen, int launches, double budget_seconds, std::uint64_t seed);

}  // namespace gpubench
