#include <fmt/format.h>

#include "tests/reports/verdict/simulation/figures.hpp"
#include "tests/reports/verdict/simulation/node.hpp"

namespace gpubench::simulation {
namespace {

constexpr int nights_before = 30, nights = 60;
enum : std::size_t {
  node_nights,
  case_nights,
  alarms,
  failed,
  asked,
  degraded_nodes,
  suspects,
  environment,
  seconds,
  counts
};

/// Nodes that nothing happens to but what the world does; every alarm is a false one.
void run(const Setting& setting,
         const Rules& rules,
         int nodes,
         const std::function<std::uint64_t(int)>& seed,
         Tally& tally) {
  on_two_threads(nodes, [&](int index) {
    Node node(setting, seed(index));
    if (rules.peers_alone) node.peers.assign(node.cases(), Peers{.measured = 4, .showing = 0});
    node.pass(nights_before, rules);
    node.next_night();
    node.pin();
    node.store(node.judge(rules));
    std::vector<double> count(counts, 0.0);
    for (int night = 0; night < nights; ++night) {
      node.next_night();
      const NightVerdict verdict = node.judge(rules);
      const Verdict worst = node_verdict(verdict);
      ++count[node_nights];
      count[case_nights] += static_cast<double>(node.cases());
      count[failed] += exit_status_of(worst) == 1 ? 1 : 0;
      count[asked] += exit_status_of(worst) == 3 ? 1 : 0;
      count[seconds] += verdict.confirmation_seconds;
      bool any_degraded = false;
      for (std::size_t i = 0; i < node.cases(); ++i) {
        for (const Said& said : verdict.cases[i].said)
          count[alarms] += said.verdict == Verdict::regression || said.verdict == Verdict::watch ? 1 : 0;
        any_degraded = any_degraded || verdict.cases[i].verdict == Verdict::degraded;
        count[suspects] += verdict.screened[i].answer == Screened::Answer::suspect ? 1 : 0;
        count[environment] += verdict.cases[i].verdict == Verdict::environment ? 1 : 0;
      }
      count[degraded_nodes] += any_degraded ? 1 : 0;
      node.store(verdict);
    }
    for (std::size_t i = 0; i < counts; ++i) tally.add(i, count[i]);
  });
}

std::string basis_of(const Tally& tally) {
  return fmt::format("{:.0f} node-nights, {:.0f} case-nights", tally[node_nights], tally[case_nights]);
}

void tell_world(const std::string& world, const Tally& tally, const Setting& setting, bool promised, Report& report) {
  const std::string basis = basis_of(tally);
  const char* figure = promised ? "F1" : "F9";
  report.at_most(fmt::format("{} false regression + watch per 1000 case-nights, {}", figure, world),
                 1000 * tally.share(alarms, case_nights),
                 0.25,
                 basis);
  const std::string promise = fmt::format("exit 1 without a cause per 1000 node-nights, {}", world);
  if (promised)
    report.at_most("   " + promise, 1000 * tally.share(failed, node_nights), 1, basis);
  else
    report.tell("   " + promise, 1000 * tally.share(failed, node_nights), basis);
  if (!promised) return;
  report.tell("   of them degraded", 1000 * tally.share(degraded_nodes, node_nights), "");
  report.tell("   exit 3 (undecided) per 1000 node-nights", 1000 * tally.share(asked, node_nights), "");
  report.tell("   suspects per 1000 case-nights", 1000 * tally.share(suspects, case_nights), "");
  const double measuring = setting.launches * (setting.start_seconds + setting.cases * setting.seconds_of_case());
  report.at_most("F6 seconds of node time per case-night, confirmation included",
                 (measuring + tally.share(seconds, node_nights)) / setting.cases,
                 45,
                 "");
}

}  // namespace

void quiet_nights(const Extent& extent, Report& report) {
  int figure = 100;
  for (const double shared : {0.0, 0.5, 1.0}) {
    if (extent.quick && shared != 0.5) continue;
    const Setting setting{.shared = shared};
    Tally tally(counts);
    ++figure;
    run(
        setting, default_rules, extent.nodes(450, 40), [&](int node) { return extent.seed_of(figure, node); }, tally);
    tell_world(fmt::format("launches share {:g} of their variance", shared), tally, setting, true, report);
  }
  if (extent.quick) return;
  struct World {
    std::string name{};
    Setting setting{};
    Rules rules{};
  };
  Rules peers_alone;
  peers_alone.peers_alone = true;
  const std::vector<World> worlds = {
      {"no pinned build", {.shared = 0.5, .pinned = false}},
      {"no pinned build, four quiet peers suffice", {.shared = 0.5, .pinned = false}, peers_alone},
      {"five times as many disturbed sessions", {.shared = 0.5, .sessions_a_night = 0.1}},
      {"modes three times as probable", {.shared = 0.5, .mode_scale = 3}},
      {"boots every three nights, twice as different", {.shared = 0.5, .boots_a_night = 1 / 3.0, .boot_scale = 2}},
      {"a season of 1 %", {.shared = 0.5, .season_percent = 1}},
      {"all noise twice as large", {.shared = 0.5, .scale = 2}},
  };
  for (const World& world : worlds) {
    Tally tally(counts);
    ++figure;
    run(
        world.setting,
        world.rules,
        extent.nodes(120, 0),
        [&](int node) { return extent.seed_of(figure, node); },
        tally);
    tell_world(world.name, tally, world.setting, false, report);
  }
}

}  // namespace gpubench::simulation
