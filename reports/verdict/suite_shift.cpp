#include "reports/verdict/suite_shift.hpp"

#include <algorithm>
#include <cstddef>
#include <numbers>

#include <fmt/format.h>

#include "harness/measure/statistics.hpp"

namespace gpubench {
namespace {

/// The most sensitive first, one a case.
std::vector<Suspect> sentinels_of(const NightInput& input, const Screening& screening, const Rules& rules) {
  std::vector<Suspect> chosen;
  for (std::size_t i = 0; i < input.history.size(); ++i) {
    const auto& key = input.history[i].key;
    if (!is_sentinel(key.case_name) || screening.cases[i].answer == Screened::Answer::no_history) continue;
    if (std::ranges::count(chosen, key.case_name, &Suspect::case_name) > 0) continue;
    chosen.push_back({.series = i,
                      .case_name = key.case_name,
                      .device = key.device,
                      .planned = rules.all_pairs,
                      .seconds = input.seconds_of_case.empty() ? 6 : input.seconds_of_case[i]});
  }
  std::ranges::sort(chosen, {}, [&](const Suspect& one) { return screening.cases[one.series].spread; });
  chosen.resize(std::min(chosen.size(), static_cast<std::size_t>(rules.most_sentinels)));
  return chosen;
}

std::vector<double> medians_of_pairs(std::span<Suspect* const> sentinels) {
  std::vector<double> medians;
  for (std::size_t pair = 0;; ++pair) {
    std::vector<double> values;
    for (const Suspect* one : sentinels)
      if (pair < one->differences.size()) values.push_back(one->differences[pair]);
    if (values.empty()) return medians;
    medians.push_back(median(values));
  }
}

/// Was it so last night: most of the sentinels were left in suspense then, or called degraded.
bool pending(std::span<Suspect* const> sentinels, std::span<const Series> history, Verdict verdict) {
  const auto so = std::ranges::count_if(sentinels, [&](const Suspect* one) {
    const auto& past = history[one->series].past;
    return !past.empty() && past.back().standing == Standing::suspect && past.back().verdict == verdict;
  });
  return 2 * so > static_cast<std::ptrdiff_t>(sentinels.size());
}

/// The median over the sentinels of how much slower the node is: by A's stored launches, and by B's window.
NodeShift median_shift(std::span<const double> percents, double unit, const Rules& rules) {
  if (percents.empty()) return {};
  NodeShift told{.known = true, .percent = median(percents)};
  told.z = told.percent / unit;
  told.slower = told.z > rules.node_z && told.percent > rules.node_percent;
  return told;
}

void add_node(Evidence& evidence,
              std::span<Suspect* const> sentinels,
              const NightInput& input,
              const Screening& screening,
              const ConfirmSession& session,
              const Rules& rules) {
  std::vector<double> pinned, own;
  for (const Suspect* one : sentinels) {
    Screened screened = screening.cases[one->series];
    screened.level -= screened.common;  // here the common mode is what is asked for
    screened.common = 0;
    const auto launches = static_cast<int>(input.tonight[one->series].launches.size());
    if (const auto by = own_shift(one->b, launches, screened, rules); by.known) own.push_back(by.percent);
    if (input.pinned.empty()) continue;
    const PinnedLaunches& stored = input.pinned[one->series];
    if (const auto by = pinned_shift(one->a, stored, screened, rules); by.known) pinned.push_back(by.percent);
    if (evidence.changed.empty()) evidence.changed = changed_conditions(stored.conditions, session.pinned_conditions());
  }
  const double unit = screening.suite.spread;
  evidence.own = median_shift(own, unit, rules);
  evidence.pinned = median_shift(pinned, unit * std::numbers::sqrt2, rules);
}

}  // namespace

Decision confirm_suite(const NightInput& input,
                       const Screening& screening,
                       ConfirmSession& session,
                       Executor& executor,
                       const Rules& rules) {
  auto sentinels = sentinels_of(input, screening, rules);
  std::vector<Suspect*> batch;
  for (Suspect& one : sentinels) {
    batch.push_back(&one);
    if (session.cost(batch) <= input.limits.reserve_seconds) continue;
    batch.pop_back();
    break;
  }
  Evidence evidence;
  evidence.screened.answer = Screened::Answer::suspect;
  evidence.screened.why = Screened::Why::step;
  evidence.screened.percent = screening.suite.percent;
  evidence.screened.z = screening.suite.z;
  if (batch.empty()) {
    evidence.has_pinned = true;
    evidence.why_unpaired = "no case of it fits tonight's reserve";
    return decide(evidence, rules);
  }
  session.run_all_pairs(batch);
  evidence.has_pinned = executor.has_pinned() && session.pinned_failure().empty();
  const auto differences = medians_of_pairs(batch);
  if (evidence.has_pinned) evidence.paired = judge_pairs(differences, rules.all_pairs, true, rules);
  evidence.pending = pending(batch, input.history, Verdict::environment);
  if (pending(batch, input.history, Verdict::degraded)) evidence.last_night = Verdict::degraded;
  add_node(evidence, batch, input, screening, session, rules);
  Decision decision = decide(evidence, rules);
  for (Said& said : decision.said) said.sentence = fmt::format("all compute-bound cases: {}", said.sentence);
  return decision;
}

void mark_sentinels(std::vector<Decision>& cases, const Decision& suite, std::span<const Series> history) {
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (!is_sentinel(history[i].key.case_name) || cases[i].standing != Standing::accepted) continue;
    cases[i].standing = suite.standing;
    // What the next night has to know of the suite is written to its cases.
    const bool of_node = suite.verdict == Verdict::environment || suite.verdict == Verdict::degraded;
    if (of_node && cases[i].verdict != Verdict::no_history) {
      cases[i].verdict = suite.verdict;
      cases[i].said.insert(cases[i].said.begin(), suite.said.front());
    }
  }
}

}  // namespace gpubench
