#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/history/archive.hpp"

namespace gpubench {

/// What may go; both: a night goes when either says so.
struct PruneRule {
  std::optional<int> keep_nights{};         ///< of each node, the last ones
  std::optional<std::string> older_than{};  ///< UTC: nights that began before it
};

/// Identities of the runs of nights that the rule lets go and no series needs: a run stays as long as it is of one of
/// the last `Rules::window_nights` accepted ones of any series on its present level.
std::vector<std::string> runs_to_prune(const Archive& archive, const PruneRule& rule);

}  // namespace gpubench
