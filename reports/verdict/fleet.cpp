#include "reports/verdict/fleet.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "reports/verdict/robust.hpp"
#include "reports/verdict/screen.hpp"

namespace gpubench {
namespace {

constexpr std::size_t least_own_nights = 5, retest_peers = 3;

double median_of(std::vector<double> values) { return median_in_place(values); }

/// Where a node stands among its peers, by its own past and by the fleet.
struct Place {
  double tonight = 0;
  bool has_past = false;
  double own = 0, unit = 0;     ///< median of its past nights; what a night differs from it by chance
  double typical = 0, far = 0;  ///< of the fleet tonight: the median, and what is `slow` above it
};
using Key = std::pair<std::string, std::size_t>;  // node, subsystem

class Fleet {
 public:
  Fleet(const FleetNight& tonight,
        std::span<const Subsystem> groups,
        std::span<const FleetNight> past,
        const Rules& rules)
      : rules_(rules) {
    std::map<Key, std::vector<double>> before;
    for (const FleetNight& night : past) {
      const auto values = against_peers(night, groups);
      for (std::size_t i = 0; i < values.size(); ++i)
        for (std::size_t group = 0; group < subsystems; ++group)
          if (values[i][group]) before[{night.nodes[i].node, group}].push_back(*values[i][group]);
    }
    const auto most = static_cast<std::size_t>(rules.fleet_nights);
    for (auto& [key, values] : before)
      if (values.size() > most) values.erase(values.begin(), values.end() - static_cast<std::ptrdiff_t>(most));
    place(tonight, against_peers(tonight, groups), before);
  }

  const Place* at(const std::string& node, std::size_t group) const {
    const auto found = places_.find({node, group});
    return found == places_.end() ? nullptr : &found->second;
  }
  bool degraded(const Place& place, double value, double share) const {
    return place.has_past && value - place.own > share * rules_.fleet_percent &&
           (value - place.own) / place.unit > share * rules_.fleet_z;
  }
  static bool slow(const Place& place, double value, double share) { return value - place.typical > share * place.far; }

 private:
  void place(const FleetNight& tonight,
             const std::vector<GroupValues>& values,
             const std::map<Key, std::vector<double>>& before) {
    std::map<std::pair<std::string_view, std::size_t>, std::vector<std::size_t>> members;
    for (std::size_t i = 0; i < values.size(); ++i)
      for (std::size_t group = 0; group < subsystems; ++group)
        if (values[i][group]) members[{tonight.nodes[i].sku, group}].push_back(i);
    for (const auto& [key, nodes] : members) place_group(tonight, key.second, nodes, values, before);
  }

  void place_group(const FleetNight& tonight,
                   std::size_t group,
                   const std::vector<std::size_t>& nodes,
                   const std::vector<GroupValues>& values,
                   const std::map<Key, std::vector<double>>& before) {
    std::vector<double> of_fleet, moves, scratch;
    for (const std::size_t i : nodes) of_fleet.push_back(*values[i][group]);
    const double typical = median_of(of_fleet);
    const double deviation = deviation_around(of_fleet, typical, scratch);
    const double far = std::min(
        rules_.slow_any_percent,
        std::max(rules_.slow_percent, rules_.slow_deviations * std::max(rules_.slow_least_deviation, deviation)));
    for (const std::size_t i : nodes) {
      Place one{.tonight = *values[i][group], .typical = typical, .far = far};
      const auto past = before.find({tonight.nodes[i].node, group});
      if (past != before.end() && past->second.size() >= least_own_nights) {
        one.has_past = true;
        one.own = median_of(past->second);
        one.unit = level_factor(static_cast<double>(past->second.size()));
        for (const double value : past->second) moves.push_back(std::abs(value - one.own));
      }
      places_[{tonight.nodes[i].node, group}] = one;
    }
    const double spread = std::max(rules_.fleet_least_spread, moves.empty() ? 0 : 1.4826 * median_of(moves));
    for (const std::size_t i : nodes) places_[{tonight.nodes[i].node, group}].unit *= spread;
  }

  const Rules& rules_;
  std::map<Key, Place> places_{};
};

/// The nodes of the re-test against its peers that nobody suspects.
std::map<Key, double> again(const FleetNight* retest,
                            std::span<const Subsystem> groups,
                            const std::set<std::string>& suspects) {
  std::map<Key, double> told;
  if (retest == nullptr) return told;
  std::vector<bool> as_peers;
  for (const FleetNode& node : retest->nodes) as_peers.push_back(!suspects.contains(node.node));
  const auto values = against_peers(*retest, groups, as_peers);
  for (std::size_t i = 0; i < values.size(); ++i)
    for (std::size_t group = 0; group < subsystems; ++group)
      if (values[i][group]) told[{retest->nodes[i].node, group}] = *values[i][group];
  return told;
}

FleetFinding finding_of(const Fleet& fleet, const Place& place, bool is_slow, const double* later, const Rules& rules) {
  FleetFinding told;
  const double from = is_slow ? place.typical : place.own;
  told.percent = place.tonight - from;
  told.z = place.has_past ? (place.tonight - place.own) / place.unit : 0;
  told.sentence = is_slow
                      ? fmt::format("{:+.2f} % against the typical node", told.percent)
                      : fmt::format("{:+.2f} % against its own place among its peers, z {:.1f}", told.percent, told.z);
  if (later == nullptr) {
    told.sentence += "; to be measured again tonight";
    return told;
  }
  const bool still =
      is_slow ? Fleet::slow(place, *later, rules.retest_share) : fleet.degraded(place, *later, rules.retest_share);
  told.verdict = !still ? Verdict::transient : is_slow ? Verdict::slow : Verdict::degraded;
  told.sentence += fmt::format("; measured again: {:+.2f} %", *later - from);
  return told;
}

/// Peers of the same SKU that are where they always are, closest first.
Retest retest_of(const FleetNight& tonight,
                 std::size_t node,
                 std::size_t group,
                 const Fleet& fleet,
                 const std::set<std::string>& suspects) {
  std::vector<std::pair<double, std::string>> calm;
  for (const FleetNode& other : tonight.nodes) {
    const Place* place = fleet.at(other.node, group);
    if (place == nullptr || other.sku != tonight.nodes[node].sku || suspects.contains(other.node)) continue;
    calm.emplace_back(std::abs(place->tonight - (place->has_past ? place->own : place->typical)), other.node);
  }
  std::ranges::sort(calm);
  Retest told{.node = tonight.nodes[node].node};
  for (std::size_t i = 0; i < std::min(calm.size(), retest_peers); ++i) told.peers.push_back(calm[i].second);
  return told;
}

void note_small_fleets(FleetVerdict& told, const FleetNight& tonight) {
  std::map<std::string, std::size_t> sizes;
  for (const FleetNode& node : tonight.nodes) ++sizes[node.sku];
  for (const auto& [sku, size] : sizes) {
    if (size <= least_fleet_peers)
      told.notes.push_back(fmt::format("{}: {} node{}, {} are needed for peers; each has its own history only",
                                       sku,
                                       size,
                                       size == 1 ? "" : "s",
                                       least_fleet_peers + 1));
    else
      told.judged += static_cast<int>(size);
  }
}

}  // namespace

FleetVerdict judge_fleet(const FleetNight& tonight,
                         std::span<const Subsystem> groups,
                         std::span<const FleetNight> past,
                         const FleetNight* retest,
                         const Rules& rules) {
  const Fleet fleet(tonight, groups, past, rules);
  struct Suspected {
    std::size_t node = 0, group = 0;
    bool slow = false;
  };
  std::vector<Suspected> suspected;
  std::set<std::string> suspects;
  for (std::size_t node = 0; node < tonight.nodes.size(); ++node) {
    for (std::size_t group = 0; group < subsystems; ++group) {
      const Place* place = fleet.at(tonight.nodes[node].node, group);
      if (place == nullptr) continue;
      const bool degraded = fleet.degraded(*place, place->tonight, 1), slow = Fleet::slow(*place, place->tonight, 1);
      if (!degraded && !slow) continue;
      suspected.push_back({node, group, !degraded});
      suspects.insert(tonight.nodes[node].node);
    }
  }
  FleetVerdict told;
  const auto later = again(retest, groups, suspects);
  std::set<std::string> asked;
  for (const Suspected& one : suspected) {
    const std::string& name = tonight.nodes[one.node].node;
    const auto found = later.find({name, one.group});
    told.findings.push_back(finding_of(
        fleet, *fleet.at(name, one.group), one.slow, found == later.end() ? nullptr : &found->second, rules));
    told.findings.back().node = one.node;
    told.findings.back().subsystem = static_cast<Subsystem>(one.group);
    if (told.findings.back().verdict == Verdict::undecided && asked.insert(name).second)
      told.retests.push_back(retest_of(tonight, one.node, one.group, fleet, suspects));
  }
  std::ranges::stable_sort(told.findings, {}, &FleetFinding::verdict);
  note_small_fleets(told, tonight);
  return told;
}

}  // namespace gpubench
