#include "reports/verdict/fleet_groups.hpp"

#include <algorithm>
#include <map>

#include "harness/measure/statistics.hpp"
#include "reports/verdict/robust.hpp"

namespace gpubench {
namespace {

/// How far each node of one SKU is from its peers in one case; none where it cannot be told.
std::vector<std::optional<double>> relative(const FleetNight& night,
                                            std::span<const std::size_t> members,
                                            std::size_t index,
                                            const std::vector<bool>& as_peers) {
  std::vector<double> sorted;
  for (const std::size_t node : members)
    if (const auto value = night.nodes[node].values[index]; value && (as_peers.empty() || as_peers[node]))
      sorted.push_back(*value);
  std::ranges::sort(sorted);
  std::vector<std::optional<double>> distances;
  for (const std::size_t node : members) {
    distances.emplace_back();
    const auto value = night.nodes[node].values[index];
    if (!value) continue;
    const bool among_them = as_peers.empty() || as_peers[node];
    const auto own = among_them ? static_cast<std::size_t>(std::ranges::lower_bound(sorted, *value) - sorted.begin())
                                : sorted.size();
    if (sorted.size() - (among_them ? 1 : 0) < least_fleet_peers) continue;
    distances.back() = *value - median_without(sorted, own);
  }
  return distances;
}

}  // namespace

std::vector<GroupValues> against_peers(const FleetNight& night,
                                       std::span<const Subsystem> groups,
                                       const std::vector<bool>& as_peers) {
  std::map<std::string_view, std::vector<std::size_t>> by_sku;
  for (std::size_t node = 0; node < night.nodes.size(); ++node) by_sku[night.nodes[node].sku].push_back(node);
  std::vector<GroupValues> told(night.nodes.size());
  for (const auto& [sku, members] : by_sku) {
    std::vector<std::array<std::vector<double>, subsystems>> of_node(members.size());
    for (std::size_t index = 0; index < groups.size(); ++index) {
      const auto distances = relative(night, members, index, as_peers);
      for (std::size_t i = 0; i < members.size(); ++i)
        if (distances[i]) of_node[i][static_cast<std::size_t>(groups[index])].push_back(*distances[i]);
    }
    for (std::size_t i = 0; i < members.size(); ++i)
      for (std::size_t group = 0; group < subsystems; ++group)
        if (of_node[i][group].size() >= least_group_cases) told[members[i]][group] = quantile(of_node[i][group], 0.25);
  }
  return told;
}

}  // namespace gpubench
