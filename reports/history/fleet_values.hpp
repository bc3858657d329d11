#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "reports/history/archive.hpp"
#include "reports/verdict/fleet_groups.hpp"

namespace gpubench {

/// What is judged: a device of a node. The other devices of the same model and MIG profile are its peers, those of its
/// own node among them, so that one bad GPU of a node is named, and a single node of eight has peers.
/// One whose limits or model changed is another member from then on: it has no past.
struct FleetMember {
  std::string node{};
  std::string device{};  ///< UUID; `cpu`
  std::string called{};  ///< `cuda:0`
  std::string sku{};     ///< with the MIG profile: `a100_sxm4_80gb 1g.10gb`
  std::string limits{};  ///< power cap and clocks, for those who look for a cause
};

/// Who said anything on a night: also those all of whose cases failed.
struct FleetPresence {
  std::set<std::string> members{};                                 ///< with a row, whatever it says
  std::map<std::string, std::vector<std::string>> runs_of_node{};  ///< identities, by start
};

/// A night of the whole fleet: nights of nodes that began less than 12 hours after the first of them. Values are
/// medians over launches. Of a member's case the first run of the night that has a value is the night, later runs are
/// its being measured again. A case of another method is another case.
struct FleetValues {
  std::vector<std::string> cases{};
  std::vector<Subsystem> groups{};                 ///< of each case
  std::map<std::string, FleetMember> members{};    ///< by the name that FleetNode::node has
  std::vector<FleetNight> nights{};                ///< oldest first
  std::vector<FleetPresence> present{};            ///< of each night
  std::vector<std::optional<FleetNight>> again{};  ///< of each night; none: nobody was measured again
};

FleetValues fleet_values(const Archive& archive);

/// The last night with enough members to be peers of each other, else the last one: a run of one node in the afternoon
/// is no night of the fleet. @pre there is one
std::size_t last_fleet_night(const FleetValues& values);

}  // namespace gpubench
