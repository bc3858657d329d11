#pragma once

#include <span>
#include <string>
#include <vector>

#include "reports/verdict/fleet_groups.hpp"
#include "reports/verdict/rules.hpp"
#include "reports/verdict/verdict.hpp"

namespace gpubench {

// A node against its peers of the same SKU and night. What moves all nodes is nobody's fault here.

struct FleetFinding {
  std::size_t node = 0;  ///< of tonight
  Subsystem subsystem = Subsystem::compute;
  Verdict verdict = Verdict::undecided;  ///< degraded, slow, transient; undecided: not measured again yet
  double percent = 0;  ///< of `degraded` above its own place among its peers, of `slow` above the typical node
  double z = 0;        ///< of `degraded`
  std::string sentence{};
};

/// Whom to measure again tonight: the node, and peers that are where they always are.
struct Retest {
  std::string node{};
  std::vector<std::string> peers{};
};

struct FleetVerdict {
  std::vector<FleetFinding> findings{};  ///< most serious first
  std::vector<Retest> retests{};         ///< of what is undecided
  std::vector<std::string> notes{};      ///< `a100_sxm4_80gb: 3 nodes, 4 are needed`
  int judged = 0;                        ///< nodes
};

/// `degraded`: a subsystem is further behind its peers than on this node's last 14 nights, by 4.5 deviations and 0.75
/// %, and was so when it was measured again the same night in fresh processes (at 0.6 of these limits); else
/// `transient`. `slow`: no history needed, behind the typical node by 3 %, or by four deviations of the fleet where
/// that is more, or by 5 % in any case; measured again likewise.
/// @param groups the subsystem of each case
/// @param past earlier nights, oldest first; the last 14 that have a node are its own place
/// @param retest the nodes that were measured again, and their peers; null: not yet
FleetVerdict judge_fleet(const FleetNight& tonight,
                         std::span<const Subsystem> groups,
                         std::span<const FleetNight> past,
                         const FleetNight* retest,
                         const Rules& rules = default_rules);

}  // namespace gpubench
