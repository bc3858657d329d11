#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/core/work.hpp"
#include "harness/result.hpp"

namespace gpubench {

/// What starting kernels costs that do next to nothing.
struct Launch {
  /// `round_trip`: the host enqueues one and waits until it has ended. `back_to_back`: it enqueues one after another
  /// and waits for none. `chain`: one run is a number of them, each of which uses what the one before left.
  enum class Pattern { round_trip, back_to_back, chain };
  /// By one call each, or a run by one call: recorded before as a CUDA graph.
  enum class By { stream, graph };

  Pattern pattern = Pattern::back_to_back;
  By by = By::stream;
  int kernels = 1;  ///< of a run; of a chain more than one

  /// `launch/none/round-trip/stream`, `launch/none/chain64/graph`
  std::string name() const;
  std::string precision() const { return "none"; }
  Work work() const { return {}; }
  void describe(CaseResult& row) const;
};

}  // namespace gpubench
