#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reports/history/archive.hpp"
#include "reports/verdict/fleet_groups.hpp"

namespace gpubench {

/// What is judged: a device of a node. The other devices of the same model and MIG profile are its peers, those of its
/// own node among them, so that one bad GPU of a node is named, and a single node of eight has peers.
struct FleetMember {
  std::string node{};
  std::string device{};  ///< UUID; `cpu`
  std::string called{};  ///< `cuda:0`
  std::string sku{};     ///< with the MIG profile: `a100_sxm4_80gb 1g.10gb`
  std::string limits{};  ///< power cap and clocks, for those who look for a cause
};

/// A night of the whole fleet: nights of nodes that began less than 12 hours after the first of them. Values are
/// medians over launches. A node's first run of the night is the night, its later runs are its being measured again.
struct FleetValues {
  std::vector<std::string> cases{};
  std::vector<Subsystem> groups{};                 ///< of each case
  std::map<std::string, FleetMember> members{};    ///< by the name that FleetNode::node has
  std::vector<FleetNight> nights{};                ///< oldest first
  std::vector<std::optional<FleetNight>> again{};  ///< of each night; none: nobody was measured again
};

FleetValues fleet_values(const Archive& archive);

}  // namespace gpubench
