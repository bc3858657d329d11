#include <algorithm>

#include <fmt/format.h>

#include "tests/reports/verdict/simulation/figures.hpp"
#include "tests/reports/verdict/simulation/node.hpp"

namespace gpubench::simulation {
namespace {

enum : std::size_t { all, first_night, second_night, seventh_night, seen, seen_first, seen_second, counts };

bool is_alarm(const Decision& decision) {
  return std::ranges::any_of(decision.said, [](const Said& said) {
    return said.verdict == Verdict::regression || said.verdict == Verdict::watch;
  });
}

/// One case of each node is slower by `percent` from one night on. `seen`: its printed detectable change is no larger.
void run(
    const Setting& setting, double percent, int nodes, const std::function<std::uint64_t(int)>& seed, Tally& tally) {
  on_two_threads(nodes, [&](int index) {
    Node node(setting, seed(index));
    node.pass(30);
    node.next_night();
    node.pin();
    node.store(node.judge());
    node.pass(3);
    const std::size_t slower = static_cast<std::size_t>(index) % node.cases();
    node.code[slower] = percent;
    int found = 0;
    bool is_seen = false;
    for (int night = 1; night <= 7 && found == 0; ++night) {
      node.next_night();
      const NightVerdict verdict = node.judge();
      if (night == 1) is_seen = verdict.screened[slower].detectable <= percent;
      if (is_alarm(verdict.cases[slower])) found = night;
      node.store(verdict);
    }
    const auto by = [&](int night) { return found > 0 && found <= night ? 1 : 0; };
    tally.add(all), tally.add(first_night, by(1)), tally.add(second_night, by(2)), tally.add(seventh_night, by(7));
    if (!is_seen) return;
    tally.add(seen), tally.add(seen_first, by(1)), tally.add(seen_second, by(2));
  });
}

}  // namespace

void steps(const Extent& extent, Report& report) {
  int figure = 200;
  for (const double shared : {0.0, 0.5, 1.0}) {
    if (extent.quick && shared != 0.5) continue;
    Tally tally(counts);
    ++figure;
    run(
        {.shared = shared}, 2, extent.nodes(1000, 160), [&](int node) { return extent.seed_of(figure, node); }, tally);
    const std::string setting = fmt::format("launches share {:g}", shared);
    const std::string basis = fmt::format("{:.0f} cases, {:.0f} of them seen", tally[all], tally[seen]);
    report.at_least("F2 2 % found on night 1 where the detectable change is <= 2 %, " + setting,
                    tally.share(seen_first, seen),
                    .90,
                    basis);
    report.at_least("F2 ... by night 2", tally.share(seen_second, seen), .95, "");
    report.at_least("F3 2 % found by night 2, all cases", tally.share(second_night, all), .90, "");
    report.at_least("F3 ... by night 7", tally.share(seventh_night, all), .95, "");
  }
  if (extent.quick) return;
  Tally five(counts), one(counts);
  run(
      {.shared = 0.5}, 5, extent.nodes(1000, 0), [&](int node) { return extent.seed_of(210, node); }, five);
  report.at_least(
      "F4 5 % found on night 1, all cases", five.share(first_night, all), .97, fmt::format("{:.0f} cases", five[all]));
  run(
      {.shared = 0.5}, 1, extent.nodes(1000, 0), [&](int node) { return extent.seed_of(211, node); }, one);
  report.at_least("F5 1 % found by night 2 where the detectable change is <= 1 %",
                  one.share(seen_second, seen),
                  .90,
                  fmt::format("{:.0f} cases", one[seen]));
}

void ramps(const Extent& extent, Report& report) {
  if (extent.quick) return;
  enum : std::size_t { cases, found, quiet_cases, quiet_found, night_sum, lost_sum, quantities };
  Tally tally(quantities);
  on_two_threads(extent.nodes(800, 0), [&](int index) {
    Node node({.shared = 0.5}, extent.seed_of(220, index));
    node.pass(30);
    node.next_night();
    node.pin();
    node.store(node.judge());
    node.pass(5);
    const std::size_t slower = static_cast<std::size_t>(index) % node.cases();
    bool is_quiet = false, is_found = false;
    for (int night = 1; night <= 30 && !is_found; ++night) {
      node.code[slower] += 0.05;
      node.next_night();
      const NightVerdict verdict = node.judge();
      if (night == 1) is_quiet = verdict.screened[slower].detectable <= 2;
      is_found = is_alarm(verdict.cases[slower]);
      if (is_found) tally.add(night_sum, night), tally.add(lost_sum, node.code[slower]);
      node.store(verdict);
    }
    tally.add(cases), tally.add(found, is_found ? 1 : 0);
    if (is_quiet) tally.add(quiet_cases), tally.add(quiet_found, is_found ? 1 : 0);
  });
  const std::string basis = fmt::format("{:.0f} cases; on night {:.0f} at {:.2f} % on average",
                                        tally[cases],
                                        tally.share(night_sum, found),
                                        tally.share(lost_sum, found));
  report.at_least("F8 0.05 % a night found in 30 nights, at most 1.5 % lost; detectable <= 2 %",
                  tally.share(quiet_found, quiet_cases),
                  .95,
                  fmt::format("{:.0f} cases", tally[quiet_cases]));
  report.tell("F8 ... all cases", tally.share(found, cases), basis);
}

void detectable(const Extent& extent, Report& report) {
  Tally tries(case_classes.size()), suspected(case_classes.size());
  on_two_threads(extent.nodes(900, 150), [&](int index) {
    Node node({.shared = 0.5}, extent.seed_of(230, index));
    node.pass(32);
    for (int night = 0; night < 4; ++night) {
      node.next_night();
      const Screening screening = screen_night(node.history(), node.tonight());
      for (std::size_t i = 0; i < node.cases(); ++i) {
        if (screening.cases[i].answer == Screened::Answer::no_history) continue;
        std::vector<SeriesNight> tonight = node.tonight();
        for (double& launch : tonight[i].launches) launch += screening.cases[i].detectable;
        const Screened again = screen_night(node.history(), tonight).cases[i];
        tries.add(node.class_of(i));
        suspected.add(node.class_of(i), again.answer == Screened::Answer::suspect ? 1 : 0);
      }
      node.store(node.judge());
    }
  });
  for (std::size_t i = 0; i < case_classes.size(); ++i)
    report.within(fmt::format("F12 a step of the detectable change is suspected on night 1, {}", case_classes[i].name),
                  suspected[i] / tries[i],
                  .90,
                  .99,
                  fmt::format("{:.0f} tries", tries[i]));
}

}  // namespace gpubench::simulation
