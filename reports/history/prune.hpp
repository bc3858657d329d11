#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "reports/history/archive.hpp"
#include "reports/verdict/rules.hpp"

namespace gpubench {

/// Nights of a series that never go: an accepted level has its spread from the window of the levels before it, and what
/// a node did at times is looked for further back.
inline constexpr int kept_nights = std::max(2 * default_rules.window_nights, default_rules.seen_nights);

/// What may go; both: a night goes when either says so.
struct PruneRule {
  std::optional<int> keep_nights{};         ///< of each node, the last ones
  std::optional<std::string> older_than{};  ///< UTC: nights that began before it
};

/// Identities of the runs of nights that the rule lets go and no series needs: a run stays as long as it is of one of
/// the last `kept_nights` accepted ones of any series, whatever their levels.
std::vector<std::string> runs_to_prune(const Archive& archive, const PruneRule& rule);

}  // namespace gpubench
