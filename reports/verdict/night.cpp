#include "reports/verdict/night.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <tuple>

#include <fmt/format.h>

#include "reports/verdict/robust.hpp"
#include "reports/verdict/suite_shift.hpp"

namespace gpubench {
namespace {

/// The newest night that says something.
const SeriesNight* last_night(const Series& series) {
  for (auto night = series.past.rbegin(); night != series.past.rend(); ++night)
    if (night->standing != Standing::invalid) return &*night;
  return nullptr;
}

bool was_watched(const Series& series, const SeriesNight& tonight) {
  const auto build = tonight.conditions.find("build");
  return std::ranges::any_of(series.past, [&](const SeriesNight& night) {
    if (night.verdict != Verdict::watch || night.level != tonight.level) return false;
    const auto earlier = night.conditions.find("build");
    return earlier != night.conditions.end() && build != tonight.conditions.end() && earlier->second != build->second;
  });
}

int environment_nights(const Series& series) {
  int nights = 0;
  for (auto night = series.past.rbegin(); night != series.past.rend(); ++night) {
    if (night->standing == Standing::invalid) continue;
    if (night->verdict != Verdict::environment) break;
    ++nights;
  }
  return nights;
}

/// Slower than on the night before by more than two nights differ by chance.
bool is_slower_since(const Screened& screened, const SeriesNight& last, const Rules& rules) {
  if (last.launches.empty() || screened.answer == Screened::Answer::no_history) return true;
  const double risen = screened.value - night_value(last.launches);
  return risen > rules.screen_percent && risen > rules.screen_z * std::numbers::sqrt2 * screened.spread;
}

/// Whom to measure again first: what was promised yesterday, then what is new, then what was found to be the node's own
/// yesterday or is open, then what was carried over and is quiet tonight, then changes for the better.
int priority(const Screened& screened, const SeriesNight* last, const Rules& rules) {
  if (screened.answer == Screened::Answer::faster) return 4;
  if (screened.answer == Screened::Answer::quiet) return 3;
  if (last == nullptr || is_slower_since(screened, *last, rules)) return 1;
  const bool pending = last->standing == Standing::suspect && last->verdict == Verdict::environment;
  if (pending || last->verdict == Verdict::undecided) return 0;
  return last->verdict == Verdict::ok || last->verdict == Verdict::insensitive ? 1 : 2;
}

std::vector<Suspect> queue_of(const NightInput& input, const Screening& screening, const Rules& rules) {
  std::vector<Suspect> queue;
  for (std::size_t i = 0; i < input.history.size(); ++i) {
    const Screened& screened = screening.cases[i];
    const SeriesNight* last = last_night(input.history[i]);
    const bool carried = last != nullptr && last->verdict == Verdict::undecided;
    const bool wanted = screened.answer == Screened::Answer::suspect || screened.answer == Screened::Answer::faster ||
                        (carried && screened.answer == Screened::Answer::quiet);
    if (!wanted) continue;
    queue.push_back({.series = i,
                     .case_name = input.history[i].key.case_name,
                     .device = input.history[i].key.device,
                     .planned = carried ? rules.carried_pairs : rules.all_pairs,
                     .faster = screened.answer == Screened::Answer::faster,
                     .seconds = input.seconds_of_case.empty() ? 6 : input.seconds_of_case[i]});
  }
  std::ranges::stable_sort(queue, {}, [&](const Suspect& suspect) {
    const Screened& screened = screening.cases[suspect.series];
    return std::tuple(priority(screened, last_night(input.history[suspect.series]), rules), -std::abs(screened.z));
  });
  return queue;
}

Evidence evidence_before(const NightInput& input, const Screening& screening, std::size_t i, const Rules& rules) {
  Evidence evidence{.screened = screening.cases[i]};
  const Series& series = input.history[i];
  if (const SeriesNight* last = last_night(series)) {
    evidence.last_night = last->verdict;
    evidence.pending = last->standing == Standing::suspect && last->verdict == Verdict::environment;
    evidence.slower_since = is_slower_since(evidence.screened, *last, rules);
    evidence.changed = changed_conditions(last->conditions, input.tonight[i].conditions);
  }
  evidence.watched = was_watched(series, input.tonight[i]);
  evidence.environment_nights = environment_nights(series);
  if (!input.peers.empty()) evidence.peers = input.peers[i];
  return evidence;
}

void add_confirmation(Evidence& evidence,
                      const Suspect& suspect,
                      const NightInput& input,
                      const ConfirmSession& session,
                      bool has_pinned,
                      const Rules& rules) {
  const SeriesNight& tonight = input.tonight[suspect.series];
  evidence.why_unpaired = suspect.trouble;
  if (!suspect.tried) {
    if (evidence.why_unpaired.empty()) evidence.why_unpaired = "beyond tonight's reserve";
    evidence.has_pinned = has_pinned;
    return;
  }
  const bool in_pinned = !suspect.a.empty();
  evidence.has_pinned = has_pinned && in_pinned;
  evidence.own = own_shift(suspect.b, static_cast<int>(tonight.launches.size()), evidence.screened, rules);
  evidence.launches = static_cast<int>(suspect.a.size() + suspect.b.size());
  evidence.fast_again = fast_launches(suspect.a, evidence.own.percent, evidence.screened, rules) +
                        fast_launches(suspect.b, evidence.own.percent, evidence.screened, rules);
  evidence.as_slow_before = launches_as_slow(suspect.b, input.history[suspect.series], tonight.level, rules);
  if (!evidence.has_pinned) return;
  if (suspect.paired.pairs >= rules.first_pairs) evidence.paired = suspect.paired;
  evidence.changed.clear();
  if (input.pinned.empty()) return;
  const PinnedLaunches& stored = input.pinned[suspect.series];
  evidence.pinned = pinned_shift(suspect.a, stored, evidence.screened, rules);
  evidence.changed = changed_conditions(stored.conditions, session.pinned_conditions());
}

void note_arms(NightVerdict& night, const ConfirmSession& session, const Executor& executor) {
  if (!executor.has_pinned()) night.notes.emplace_back(no_pinned_build);
  if (!session.pinned_failure().empty())
    night.notes.push_back(
        fmt::format("the pinned build cannot run: {}; {}", session.pinned_failure(), no_pinned_build));
  if (!session.current_failure().empty())
    night.notes.push_back(fmt::format("tonight's build cannot be run again: {}", session.current_failure()));
  night.arm_failed = !session.pinned_failure().empty() || !session.current_failure().empty();
}

}  // namespace

NightVerdict judge_night(const NightInput& input, Executor* executor, const Rules& rules) {
  assert(input.history.size() == input.tonight.size());
  const Screening screening = screen_night(input.history, input.tonight, rules);
  NightVerdict night{.screened = screening.cases, .suite_screened = screening.suite};
  night.paired.resize(input.history.size());
  std::vector<Evidence> evidence;
  for (std::size_t i = 0; i < input.history.size(); ++i)
    evidence.push_back(evidence_before(input, screening, i, rules));
  if (executor != nullptr) {
    ConfirmSession session(*executor, input.limits, input.seed, rules);
    if (screening.suite.suspect) night.suite = confirm_suite(input, screening, session, *executor, rules);
    auto queue = queue_of(input, screening, rules);
    session.work_through(queue);
    const bool has_pinned = executor->has_pinned() && session.pinned_failure().empty();
    for (const Suspect& suspect : queue) {
      // What is quiet tonight, or better, is told as such where time did not suffice, and not carried over.
      const bool slower = screening.cases[suspect.series].answer == Screened::Answer::suspect;
      if (!slower && !suspect.tried) continue;
      add_confirmation(evidence[suspect.series], suspect, input, session, has_pinned, rules);
      night.paired[suspect.series] = suspect.paired;
      night.suspects_beyond_reserve += suspect.tried ? 0 : 1;
    }
    night.confirmation_seconds = session.seconds();
    note_arms(night, session, *executor);
  }
  if (!screening.suite.known) night.notes.push_back("no common mode: " + screening.suite.why_not);
  for (const Evidence& one : evidence) night.cases.push_back(decide(one, rules));
  if (night.suite) mark_sentinels(night.cases, *night.suite, input.history);
  return night;
}

Verdict node_verdict(const NightVerdict& night) {
  Verdict worst = night.suite ? night.suite->verdict : Verdict::ok;
  for (const Decision& decision : night.cases) worst = std::min(worst, decision.verdict);
  return worst;
}

}  // namespace gpubench
