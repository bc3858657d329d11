#include "reports/verdict/confirm_session.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace gpubench {
namespace {

std::vector<std::string> names_of(std::span<Suspect* const> suspects) {
  std::set<std::string> names;
  for (const Suspect* suspect : suspects) names.insert(suspect->case_name);
  return {names.begin(), names.end()};
}

std::optional<double> value_in(const Launch& launch, const Suspect& suspect) {
  for (const LaunchValue& value : launch.values)
    if (value.case_name == suspect.case_name && value.device == suspect.device) return value.value;
  return std::nullopt;
}

}  // namespace

double ConfirmSession::launch_seconds(std::span<Suspect* const> batch) const {
  std::set<std::string> counted;  // a case runs on all devices at once
  double seconds = limits_.start_seconds;
  for (const Suspect* suspect : batch)
    if (counted.insert(suspect->case_name).second) seconds += suspect->seconds;
  return seconds;
}

double ConfirmSession::cost(std::span<Suspect* const> batch) const {
  int pairs = 0;
  for (const Suspect* suspect : batch) pairs = std::max(pairs, suspect->planned);
  return (paired() ? 2 * pairs : rules_.launches_alone) * launch_seconds(batch);
}

double ConfirmSession::cost_of_first_look(std::span<Suspect* const> batch) const {
  int pairs = 0;
  for (const Suspect* suspect : batch) pairs = std::max(pairs, first_look(suspect->planned, rules_));
  return (paired() ? 2 * pairs : rules_.launches_alone) * launch_seconds(batch);
}

std::vector<Suspect*> ConfirmSession::fitting(std::span<Suspect> queue, bool first_look_only) const {
  std::vector<Suspect*> batch;
  for (Suspect& suspect : queue) {
    batch.push_back(&suspect);
    if (seconds_ + (first_look_only ? cost_of_first_look(batch) : cost(batch)) <= limits_.reserve_seconds) continue;
    batch.pop_back();
    break;
  }
  return batch;
}

void ConfirmSession::work_through(std::span<Suspect> queue) {
  for (std::size_t first = 0; first < queue.size() && failure_[1].empty();) {
    const auto rest = queue.subspan(first);
    double needed = cost(std::vector<Suspect*>{&rest[0]});
    if (needed > limits_.reserve_seconds && rest[0].planned > rules_.all_pairs) {
      rest[0].planned = rules_.all_pairs;
      needed = cost(std::vector<Suspect*>{&rest[0]});
    }
    if (needed > limits_.reserve_seconds) {  // it would not fit on any night
      rest[0].trouble =
          fmt::format("its confirmation takes {:.0f} s, the reserve is {:.0f} s", needed, limits_.reserve_seconds);
      ++first;
      continue;
    }
    auto batch = fitting(rest, false);
    if (batch.empty()) batch = fitting(rest, true);
    if (!batch.empty()) run_pairs(batch);
    first += std::max<std::size_t>(1, batch.size());  // a shorter one than one that does not fit may fit
  }
}

void ConfirmSession::drop_what_does_not_fit(std::vector<Suspect*>& active, int pairs_run) const {
  const auto just_looked_at = [&](const Suspect* one) { return first_look(one->planned, rules_) == pairs_run; };
  if (!paired() || !std::ranges::any_of(active, just_looked_at)) return;
  const auto needed = [&] { return cost(active) - 2 * pairs_run * launch_seconds(active); };
  while (!active.empty() && seconds_ + needed() > limits_.reserve_seconds) active.pop_back();
}

std::vector<std::optional<double>> ConfirmSession::values_of(Arm arm, std::span<Suspect* const> active) {
  const auto names = names_of(active);
  std::vector<std::optional<double>> values(active.size());
  for (int attempt = 0; attempt < 2; ++attempt) {
    const Launch launch = executor_.run(arm, names, seed_ + launches_++);
    seconds_ += launch.seconds;
    if (!launch.failure.empty()) {
      if (attempt == 1) failure_[arm == Arm::pinned ? 0 : 1] = launch.failure;
      continue;
    }
    if (arm == Arm::pinned) pinned_conditions_ = launch.conditions;
    for (std::size_t i = 0; i < active.size(); ++i) {
      values[i] = value_in(launch, *active[i]);
      if (values[i]) (arm == Arm::pinned ? active[i]->a : active[i]->b).push_back(*values[i]);
    }
    break;
  }
  return values;
}

void ConfirmSession::one_pair(std::span<Suspect* const> active, bool current_first) {
  std::vector<std::optional<double>> a(active.size()), b(active.size());
  if (current_first) b = values_of(Arm::current, active);
  if (paired()) a = values_of(Arm::pinned, active);
  if (!current_first) b = values_of(Arm::current, active);
  for (std::size_t i = 0; i < active.size(); ++i)
    if (a[i] && b[i]) active[i]->differences.push_back(*b[i] - *a[i]);
}

/// Undecided at twelve: where time is left it gets at once the pairs that it would get on the next night. One launch of
/// A that came out slow by a fault of its own is outvoted by sixteen, not by twelve.
bool ConfirmSession::goes_on(const Suspect& suspect) const {
  const int more = rules_.carried_pairs - suspect.planned;
  const double needed = 2 * more * (limits_.start_seconds + suspect.seconds);
  return paired() && more > 0 && suspect.paired.pairs >= rules_.first_pairs &&
         seconds_ + needed <= limits_.reserve_seconds;
}

bool ConfirmSession::finished(Suspect& suspect, int pairs_run, bool last) const {
  if (!paired() && suspect.differences.empty()) return pairs_run >= rules_.launches_alone;
  const bool at_end = last || pairs_run >= suspect.planned;
  if (!at_end && pairs_run != first_look(suspect.planned, rules_)) return false;
  const auto judged = suspect.faster ? judge_faster : judge_pairs;
  suspect.paired = judged(suspect.differences, suspect.planned, at_end, rules_);
  if (suspect.paired.pairs < rules_.first_pairs && at_end)
    suspect.trouble = fmt::format("{} of {} pairs lack a value", pairs_run - suspect.paired.pairs, pairs_run);
  if (suspect.paired.answer == Paired::Answer::undecided && !last && goes_on(suspect)) {
    suspect.planned = rules_.carried_pairs;
    return false;
  }
  return suspect.paired.answer != Paired::Answer::more;
}

void ConfirmSession::run_pairs(std::span<Suspect* const> batch) {
  std::vector<Suspect*> active(batch.begin(), batch.end());
  for (Suspect* suspect : active) suspect->tried = true;
  for (int pairs = 0; !active.empty();) {
    one_pair(active, pairs % 2 == 1);
    ++pairs;
    const bool arm_failed = !failure_[1].empty() || (!failure_[0].empty() && !active.front()->differences.empty());
    const bool last = arm_failed || seconds_ >= limits_.reserve_seconds;
    std::erase_if(active, [&](Suspect* suspect) { return finished(*suspect, pairs, last) || !failure_[1].empty(); });
    drop_what_does_not_fit(active, pairs);
  }
}

void ConfirmSession::run_all_pairs(std::span<Suspect* const> batch) {
  const int planned = batch.empty() ? 0 : batch.front()->planned;
  for (int pair = 0; pair < planned && failure_[1].empty(); ++pair) {
    if (!paired() && pair >= rules_.launches_alone) return;
    if (pair > 0 && seconds_ >= limits_.reserve_seconds) return;
    one_pair(batch, pair % 2 == 1);
  }
}

}  // namespace gpubench
