#include "reports/history/check_node.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/environment/digest.hpp"
#include "reports/history/digest_change.hpp"
#include "reports/history/interval_rule.hpp"
#include "reports/history/missing.hpp"
#include "reports/history/nights.hpp"
#include "reports/history/series_key.hpp"
#include "reports/json.hpp"
#include "reports/verdict/common_mode.hpp"
#include "reports/verdict/night.hpp"

namespace gpubench {
namespace {

/// Of several launches the worst tells.
int badness(Status status) {
  if (status == Status::wrong_result || status == Status::implausible) return 4;
  if (status == Status::failed || status == Status::timed_out) return 3;
  if (status == Status::not_run) return 2;
  return status == Status::unsupported ? 1 : 0;
}

Context context_of(const KeptRun& run) {
  const Json json = Json::parse(run.context, nullptr, false);
  return json.is_object() ? context_from_json(json, "context") : Context{};
}

class NodeCheck {
 public:
  NodeCheck(const Archive& archive, const NodeTonight& tonight, const std::set<std::string>& judged)
      : archive_(archive), tonight_(tonight), digest_(archive.runs[tonight.runs.front()].digest) {
    const std::set<std::size_t> runs(tonight.runs.begin(), tonight.runs.end());
    std::set<std::string> identities;
    for (const std::size_t run : runs) identities.insert(archive.runs[run].identity);
    const std::string& start = archive.runs[tonight.runs.front()].start;
    is_tonight_ = [identities](const KeptRun& run) { return identities.contains(run.identity); };
    // What is given to be judged and is later than this night belongs to nobody's past.
    is_past_ = [=, node = tonight.node](const KeptRun& run) {
      return run.node == node && !identities.contains(run.identity) &&
             !(judged.contains(run.identity) && run.start > start);
    };
  }

  CheckedNode check() && {
    node_ = {.node = tonight_.node, .night = tonight_.night};
    for (const std::size_t run : tonight_.runs) {
      contexts_.push_back(context_of(archive_.runs[run]));
      node_.interrupted = node_.interrupted || !archive_.runs[run].complete;
    }
    read_rows();
    judge();
    add_missing();
    count();
    return std::move(node_);
  }

 private:
  void read_rows() {
    for (const std::size_t run : tonight_.runs)
      for (const KeptLaunch& launch : archive_.runs[run].launches) {
        const KeptSeries& series = archive_.series[launch.series];
        const auto [at, is_new] = cases_.try_emplace(launch.series);
        CheckedCase& one = at->second;
        if (is_new) one = {.key = series.key, .device = launch.device, .figure = series.figure};
        if (is_new || badness(launch.status) > badness(one.status)) {
          one.status = launch.status;
          one.reason = launch.reason;
        }
        if (launch.finding && !one.finding) one.finding = launch.finding;
        if (launch.value) ++one.launches_tonight;
      }
  }

  void judge() {
    const auto same_digest = [this](const KeptRun& run) { return is_past_(run) && run.digest == digest_; };
    // What the run file itself found wrong is no night to be judged against.
    const auto is_clean = [](const KeptLaunch& launch) { return !launch.finding; };
    past_ = series_of(archive_, same_digest, is_clean);
    any_past_ = series_of(archive_, is_past_);
    const std::vector<Series> now = series_of(archive_, is_tonight_);
    std::vector<std::size_t> which;
    std::vector<Series> history;
    std::vector<SeriesNight> tonight;
    for (const auto& [series, one] : cases_) {
      if (one.launches_tonight == 0) continue;
      which.push_back(series);
      history.push_back(past_[series]);
      tonight.push_back(now[series].past.back());
    }
    const NightVerdict night = judge_night({.history = history, .tonight = tonight}, nullptr);
    for (std::size_t i = 0; i < which.size(); ++i) {
      CheckedCase& one = cases_.at(which[i]);
      if (one.status != Status::ok) continue;
      judge_case(one, archive_.series[which[i]], history[i], tonight[i], night, i);
    }
    const auto was_screened = [](const Screened& one) { return one.answer != Screened::Answer::no_history; };
    if (std::ranges::any_of(night.screened, was_screened)) node_.notes = night.notes;
    if (night.suite_screened.suspect)
      node_.notes.push_back(fmt::format("all compute-bound cases of this node together: {:+.2f} % (z {:.1f})",
                                        night.suite_screened.percent,
                                        night.suite_screened.z));
  }

  void judge_case(CheckedCase& one,
                  const KeptSeries& kept,
                  const Series& history,
                  const SeriesNight& tonight,
                  const NightVerdict& night,
                  std::size_t i) const {
    const Screened& screened = night.screened[i];
    const Decision& decision = night.cases[i];
    const bool is_screened = screened.answer != Screened::Answer::no_history;
    std::vector<const SeriesNight*> nights;
    for (const SeriesNight& past : history.past)
      if (past.standing == Standing::accepted && past.level == tonight.level) nights.push_back(&past);
    // As the screen: a year's nights have moved more than a launch's values tell.
    if (const std::size_t most = default_rules.window_nights; is_screened && nights.size() > most)
      nights.erase(nights.begin(), nights.end() - default_rules.window_nights);
    std::vector<double> launches;
    for (const SeriesNight* past : nights)
      launches.insert(launches.end(), past->launches.begin(), past->launches.end());
    one.nights = static_cast<int>(nights.size());
    one.launches_past = static_cast<int>(launches.size());
    if (!nights.empty()) one.changed = changes(nights.back()->conditions, tonight.conditions);
    one.verdict = decision.verdict;
    one.reason = decision.said.empty() ? "" : decision.said.front().sentence;
    one.detectable_percent = screened.detectable;
    one.slower_percent = screened.percent;
    tell_values(one, kept, launches, tonight, screened);
    const bool with_all = is_screened && night.suite_screened.suspect && is_sentinel(one.key.case_name);
    const bool suspect = one.verdict == Verdict::undecided || with_all;
    if (with_all) {
      one.verdict = Verdict::undecided;
      one.slower_percent += night.suite_screened.percent;
    }
    if (suspect) one.reason = suspect_reason(screened, with_all ? night.suite_screened.percent : 0);
    if (!is_screened)
      decide_by_interval(one, kept, launches, tonight.launches, std::nullopt);
    else if (suspect)
      decide_by_interval(
          one, kept, launches, lowered(tonight.launches, with_all ? 0 : screened.common), one.slower_percent);
    if (one.verdict == Verdict::no_history) one.reason = why_no_history(one);
  }

  static std::string suspect_reason(const Screened& screened, double common) {
    std::string told = fmt::format("suspected: {:+.2f} %, z {:.1f}", screened.percent, screened.z);
    if (screened.why == Screened::Why::ramp)
      told = fmt::format("suspected: rising for some nights (CUSUM {:.1f})", screened.cusum);
    if (screened.why == Screened::Why::drift)
      told = fmt::format("suspected: {:+.2f} % within four weeks", screened.drift);
    if (common != 0) told = fmt::format("suspected with all compute-bound cases: {:+.2f} %", common);
    return told + "; not confirmed: nothing is measured again here";
  }

  static void tell_values(CheckedCase& one,
                          const KeptSeries& kept,
                          const std::vector<double>& past,
                          const SeriesNight& tonight,
                          const Screened& screened) {
    const bool is_screened = screened.answer != Screened::Answer::no_history;
    one.tonight = value_of_log_percent(kept, is_screened ? screened.value : median(tonight.launches));
    if (is_screened)
      one.usual = value_of_log_percent(kept, screened.level);
    else if (!past.empty())
      one.usual = value_of_log_percent(kept, median(past));
    if (!is_screened && !past.empty()) one.slower_percent = median(tonight.launches) - median(past);
  }

  /// Without what the node as a whole did that night: it moves all launches of a night alike.
  static std::vector<double> lowered(std::vector<double> launches, double common) {
    for (double& launch : launches) launch -= common;
    return launches;
  }

  /// What two ways of looking at it both show: launches of one night are more alike than the interval takes them to be,
  /// and the screen's difference is one night's.
  static Verdict both_show(Verdict by_interval, double screened_percent) {
    const bool slower = by_interval == Verdict::regression || by_interval == Verdict::watch;
    if (!slower || screened_percent <= default_rules.watch_percent) return Verdict::undecided;
    return screened_percent > default_rules.regression_percent ? by_interval : Verdict::watch;
  }

  /// A suspect is acquitted by nothing but a confirmation; without a screen the launches are all there is.
  /// @param screened_percent what the screen saw of a suspect; none: there is no screen
  static void decide_by_interval(CheckedCase& one,
                                 const KeptSeries& kept,
                                 const std::vector<double>& past,
                                 const std::vector<double>& tonight,
                                 std::optional<double> screened_percent) {
    const auto by = judge_by_interval(past, tonight);
    if (!by) return;
    const auto as_figure = [&](double slower) {
      return value_of_log_percent(kept, slower) / value_of_log_percent(kept, 0);
    };
    const double a = as_figure(by->slower_percent.low), b = as_figure(by->slower_percent.high);
    one.change = Interval{.low = std::min(a, b), .high = std::max(a, b)};
    const Verdict verdict = screened_percent ? both_show(by->verdict, *screened_percent) : by->verdict;
    if (verdict == Verdict::undecided) return;
    one.verdict = verdict;
    one.slower_percent = by->percent;
    one.reason = fmt::format("{:+.2f} % slower, 99 % interval {:+.2f} to {:+.2f} % over {} and {} launches",
                             by->percent,
                             by->slower_percent.low,
                             by->slower_percent.high,
                             past.size(),
                             tonight.size());
  }

  /// What cut the series, or how much of it there is.
  std::string why_no_history(CheckedCase& one) const {
    if (one.nights > 0)
      return fmt::format("{} night{} of {}, {} and {} launches of {} a side",
                         one.nights,
                         one.nights == 1 ? "" : "s",
                         default_rules.least_nights,
                         one.launches_past,
                         one.launches_tonight,
                         least_launches_to_decide);
    const Series* last = nullptr;
    for (const Series& other : any_past_)
      if (!other.past.empty() && place_of(other.key) == place_of(one.key) &&
          (last == nullptr || other.past.back().night > last->past.back().night))
        last = &other;
    if (last == nullptr) {
      one.is_new = true;
      return "not in the baseline";
    }
    if (const std::string cut = what_cut(last->key, one.key); !cut.empty()) return "new baseline needed: " + cut;
    if (const std::string facts = digest_change(); !facts.empty()) return "new baseline needed: " + facts;
    return "new baseline needed: a new level was accepted";
  }

  /// Facts of the digest that differ from the last night before this one.
  std::string digest_change() const {
    const KeptRun* last = nullptr;
    for (const KeptRun& run : archive_.runs)
      if (is_past_(run) && run.night && (last == nullptr || run.start > last->start)) last = &run;
    if (last == nullptr || last->digest == digest_) return {};
    return gpubench::digest_change(digest_text(context_of(*last)), digest_text(contexts_.front()));
  }

  void add_missing() {
    std::map<CasePlace, bool> there;
    for (const auto& [series, one] : cases_) there[place_of(one.key)] = one.status != Status::unsupported;
    Missing missing = find_missing(archive_, any_past_, nights_of(archive_, is_past_), start(), there, contexts_);
    for (auto& [series, one] : cases_)
      if (const auto found = missing.unsupported.find(place_of(one.key)); found != missing.unsupported.end()) {
        one.missing = true;
        one.reason += fmt::format("; it ran on {}", found->second);
      }
    node_.missing = static_cast<int>(missing.unsupported.size() + missing.cases.size());
    node_.cases = std::move(missing.cases);
    node_.gone = std::move(missing.gone);
  }

  const std::string& start() const { return archive_.runs[tonight_.runs.front()].start; }

  void count() {
    for (auto& [series, one] : cases_) {
      if (one.status == Status::ok) ++node_.coverage.ran;
      if (one.status == Status::unsupported) ++node_.coverage.unsupported;
      if (one.status == Status::not_run) ++node_.coverage.not_run;
      if (badness(one.status) >= 3) ++node_.coverage.failed;
      if (one.is_new) ++node_.not_in_baseline;
      node_.cases.push_back(std::move(one));
    }
  }

  const Archive& archive_;
  const NodeTonight& tonight_;
  std::string digest_;
  RunFilter is_tonight_, is_past_;
  std::vector<Context> contexts_;
  std::vector<Series> past_, any_past_;  ///< of the same digest; of any
  std::map<std::size_t, CheckedCase> cases_;
  CheckedNode node_;
};

}  // namespace

CheckedNode check_node(const Archive& archive, const NodeTonight& tonight, const std::set<std::string>& judged) {
  return NodeCheck(archive, tonight, judged).check();
}

}  // namespace gpubench
