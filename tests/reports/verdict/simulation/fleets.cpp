#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <random>

#include <fmt/format.h>

#include "reports/statistics/ratio.hpp"
#include "reports/verdict/fleet.hpp"
#include "reports/verdict/robust.hpp"
#include "tests/reports/verdict/simulation/figures.hpp"
#include "tests/reports/verdict/simulation/node.hpp"

namespace gpubench::simulation {
namespace {

constexpr double silicon_percent = 0.8;

Subsystem subsystem_of(std::size_t of_class) {
  const std::string_view name = case_classes[of_class].name;
  if (name == "membw") return Subsystem::memory;
  if (name == "nccl") return Subsystem::links;
  return name == "launch" ? Subsystem::host : Subsystem::compute;
}

/// Nodes of one SKU with the same cases: of forty, three or more are of each subsystem.
class Nodes {
 public:
  Nodes(int count, int cases, int launches, std::uint64_t seed) : random_(seed), launches_(launches) {
    const double phase = std::uniform_real_distribution<double>()(random_);
    const Setting setting{.cases = cases, .launches = launches, .shared = 0.5, .season_phase = phase, .lot = 0.5};
    std::normal_distribution<double> silicon(0, silicon_percent);
    for (int i = 0; i < count; ++i) {
      nodes_.push_back(std::make_unique<Node>(setting, seed * 97 + static_cast<std::uint64_t>(i)));
      std::array<double, subsystems> own{};
      for (double& percent : own) percent = silicon(random_);
      for (std::size_t c = 0; c < nodes_.back()->cases(); ++c)
        nodes_.back()->node[c] = own[static_cast<std::size_t>(subsystem_of(nodes_.back()->class_of(c)))];
    }
    for (std::size_t c = 0; c < nodes_[0]->cases(); ++c) groups_.push_back(subsystem_of(nodes_[0]->class_of(c)));
  }
  const std::vector<Subsystem>& groups() const { return groups_; }

  FleetNight night() {
    FleetNight told;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      nodes_[i]->next_night();
      FleetNode one{.node = fmt::format("node{}", i), .sku = "sku"};
      for (const SeriesNight& of_case : nodes_[i]->tonight()) one.values.emplace_back(night_value(of_case.launches));
      told.nodes.push_back(std::move(one));
    }
    return told;
  }

  /// As many fresh launches of whoever is asked for as a night has.
  FleetNight again(const std::vector<Retest>& retests) {
    FleetNight told;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const std::string name = fmt::format("node{}", i);
      const bool asked = std::ranges::any_of(
          retests, [&](const Retest& one) { return one.node == name || std::ranges::count(one.peers, name) > 0; });
      if (asked) told.nodes.push_back({.node = name, .sku = "sku", .values = fresh(*nodes_[i])});
    }
    return told;
  }

  void slow_down(std::size_t node, Subsystem subsystem, double percent) {
    for (std::size_t c = 0; c < groups_.size(); ++c)
      if (groups_[c] == subsystem) nodes_[node]->node[c] += percent;
  }

 private:
  std::vector<std::optional<double>> fresh(Node& node) const {
    std::vector<std::string> names;
    for (const Series& series : node.history()) names.push_back(series.key.case_name);
    std::vector<std::vector<double>> launches(names.size());
    for (int i = 0; i < launches_; ++i) {
      const Launch launch = node.run(Arm::current, names, 0);
      for (std::size_t c = 0; c < names.size(); ++c) launches[c].push_back(launch.values[c].value);
    }
    std::vector<std::optional<double>> values;
    for (const auto& of_case : launches) values.emplace_back(night_value(of_case));
    return values;
  }

  std::mt19937_64 random_;
  int launches_;
  std::vector<std::unique_ptr<Node>> nodes_{};
  std::vector<Subsystem> groups_{};
};

/// What is said in the end: after a re-test where one was asked for.
FleetVerdict judged(Nodes& nodes, const FleetNight& tonight, const std::vector<FleetNight>& past) {
  FleetVerdict first = judge_fleet(tonight, nodes.groups(), past, nullptr);
  if (first.retests.empty()) return first;
  const FleetNight later = nodes.again(first.retests);
  return judge_fleet(tonight, nodes.groups(), past, &later);
}

double log_normal_draw(std::mt19937_64& random, double percent) {
  return std::normal_distribution<double>(0, percent / 100)(random);
}

void fleet_of(
    int cases, int launches, const Extent& extent, int figure, std::span<const Subsystem> demanded, Report& report) {
  enum : std::size_t { node_nights, degraded, injected, quantities };
  Tally tally(quantities), found(subsystems);
  constexpr int size = 8, nights = 25;
  on_two_threads(extent.nodes(300, 40), [&](int index) {
    Nodes nodes(size, cases, launches, extent.seed_of(figure, index));
    std::vector<FleetNight> past;
    const auto remember = [&](FleetNight night) {
      past.push_back(std::move(night));
      if (past.size() > 14) past.erase(past.begin());
    };
    for (int night = 0; night < 14; ++night) remember(nodes.night());
    for (int night = 0; night < nights; ++night) {
      FleetNight tonight = nodes.night();
      for (const FleetFinding& finding : judged(nodes, tonight, past).findings)
        tally.add(degraded, finding.verdict == Verdict::degraded ? 1 : 0);
      tally.add(node_nights, size);
      remember(std::move(tonight));
    }
    tally.add(injected);
    for (std::size_t group = 0; group < subsystems; ++group) {  // one after the other, each repaired again
      nodes.slow_down(group, static_cast<Subsystem>(group), 2);
      const FleetNight tonight = nodes.night();
      bool seen = false;
      for (const FleetFinding& finding : judged(nodes, tonight, past).findings)
        seen = seen || (finding.node == group && finding.verdict == Verdict::degraded &&
                        finding.subsystem == static_cast<Subsystem>(group));
      found.add(group, seen ? 1 : 0);
      nodes.slow_down(group, static_cast<Subsystem>(group), -2);
    }
  });
  const std::string setting = fmt::format("{} cases x {}", cases, launches);
  report.at_most("F10 false degraded per 1000 node-nights, fleets of 8, " + setting,
                 1000 * tally.share(degraded, node_nights),
                 .5,
                 fmt::format("{:.0f} node-nights", tally[node_nights]));
  for (std::size_t group = 0; group < subsystems; ++group) {
    const auto subsystem = static_cast<Subsystem>(group);
    const std::string what = fmt::format("F10 2 % in one node's {} found the same night, {}", name(subsystem), setting);
    const std::string basis = fmt::format("{:.0f} fleets", tally[injected]);
    if (std::ranges::count(demanded, subsystem) > 0)
      report.at_least(what, found[group] / tally[injected], .95, basis);
    else
      report.tell(what, found[group] / tally[injected], basis);
  }
}

}  // namespace

void fleets(const Extent& extent, Report& report) {
  using enum Subsystem;
  fleet_of(40, 3, extent, 400, std::vector{compute, memory}, report);
  if (!extent.quick) fleet_of(80, 7, extent, 401, {}, report);
}

void ratios(const Extent& extent, Report& report) {
  for (std::size_t of_class = 0; of_class < case_classes.size(); ++of_class) {
    const CaseClass& like = case_classes[of_class];
    enum : std::size_t { all, covered, quantities };
    Tally tally(quantities);
    on_two_threads(extent.nodes(1200, 400), [&](int index) {
      std::mt19937_64 random(extent.seed_of(410 + static_cast<int>(of_class), index));
      const auto side = [&] {
        std::vector<Measured> values;
        for (int board = 0; board < 8; ++board) {
          const double own = log_normal_draw(random, silicon_percent) + log_normal_draw(random, like.boot) +
                             log_normal_draw(random, like.night);
          for (int launch = 0; launch < 3; ++launch)
            values.push_back({std::exp(own + log_normal_draw(random, like.launch)), board, launch});
        }
        return values;
      };
      const auto interval = ratio_of_sides(side(), side()).interval;
      tally.add(all), tally.add(covered, interval && interval->low <= 1 && 1 <= interval->high ? 1 : 0);
    });
    report.within(fmt::format("F11 coverage of the ratio of two models, 8 GPUs a side, {}", like.name),
                  tally.share(covered, all),
                  .92,
                  .98,
                  fmt::format("{:.0f} draws", tally[all]));
  }
}

}  // namespace gpubench::simulation
