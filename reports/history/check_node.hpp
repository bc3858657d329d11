#pragma once

#include <set>
#include <string>
#include <vector>

#include "reports/history/checked.hpp"

namespace gpubench {

/// The runs of one node that are judged, in an archive that has its past as well.
struct NodeTonight {
  std::string node{};
  std::string night{};
  std::vector<std::size_t> runs{};  ///< in Archive::runs, not empty
};

/// @param judged identities of all runs that are judged: those later than tonight are nobody's past
CheckedNode check_node(const Archive& archive, const NodeTonight& tonight, const std::set<std::string>& judged);

/// The one line to read: the most serious thing, with node, device, figure and reason.
std::string node_sentence(const CheckedNode& node);

}  // namespace gpubench
