#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gpubench {

// A fleet's night: the values of its nodes, and how far each lies from its peers by part of the machine.

/// What of a node a case loads most. Which problem is which is the caller's to say.
enum class Subsystem : std::uint8_t { compute, memory, links, host };
inline constexpr std::size_t subsystems = 4;
constexpr std::string_view name(Subsystem subsystem) {
  constexpr std::array<std::string_view, subsystems> names = {"compute", "memory", "links", "host"};
  return names[static_cast<std::size_t>(subsystem)];
}

struct FleetNode {
  std::string node{};
  std::string sku{};                            ///< only nodes of one SKU are peers
  std::vector<std::optional<double>> values{};  ///< log-percent, one a case of the fleet; none: not measured
};
struct FleetNight {
  std::string night{};
  std::vector<FleetNode> nodes{};
};

/// By subsystem: the lower quartile over its cases of how far the node is from the median of its peers: three quarters
/// of them show at least this much. (A median is moved by a neighbour, or a mode, in three cases of five.) None with
/// fewer than three cases that it and at least three peers measured.
using GroupValues = std::array<std::optional<double>, subsystems>;

/// One a node of the night, in order. Each case is held against the median of the other nodes of the SKU, a node's own
/// value left out: in a fleet of four it would be a third of what it is judged by.
/// @param groups the subsystem of each case
/// @param as_peers which nodes may be peers, one a node; empty: all
std::vector<GroupValues> against_peers(const FleetNight& night,
                                       std::span<const Subsystem> groups,
                                       const std::vector<bool>& as_peers = {});

inline constexpr std::size_t least_fleet_peers = 3, least_group_cases = 3;

}  // namespace gpubench
