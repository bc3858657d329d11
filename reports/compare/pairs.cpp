#include "reports/compare/pairs.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "reports/compare/case_key.hpp"

namespace gpubench {
namespace {

using Key = std::function<std::string(const SideCase&)>;

bool nearly(double a, double b) { return std::abs(a - b) <= 1e-6 * std::max(std::abs(a), std::abs(b)); }

/// Cases of both sides that nobody has paired yet, by place.
class Matcher {
 public:
  Matcher(const std::vector<const SideCase*>& a, const std::vector<const SideCase*>& b)
      : a_(a), b_(b), used_a_(a.size()), used_b_(b.size()) {}

  /// Pairs what is left and has the same key, one with one: those that can be compared first.
  void match(Level level, const Key& key) {
    const auto places = places_of(b_, key);
    for (const bool comparable_only : {true, false})
      for (std::size_t i = 0; i < a_.size(); ++i) {
        if (used_a_[i]) continue;
        const auto found = places.find(key(*a_[i]));
        if (found == places.end() || found->first.empty()) continue;
        const auto partner = std::ranges::find_if(found->second, [&](std::size_t j) {
          return !used_b_[j] && (!comparable_only || why_not_comparable(*a_[i], *b_[j]).empty());
        });
        if (partner != found->second.end()) pair(i, *partner, level);
      }
  }

  /// Pairs what is left on one side with what is already paired on the other: two implementations against one.
  void match_again(Level level, const Key& key) {
    again(a_, used_a_, b_, level, key, false);
    again(b_, used_b_, a_, level, key, true);
  }

  /// What is left and has the same key cannot be compared, and says why.
  void refuse(Level level, const Key& key, const std::function<std::string(const SideCase&, const SideCase&)>& why) {
    const auto places = places_of(b_, key);
    for (std::size_t i = 0; i < a_.size(); ++i) {
      if (used_a_[i]) continue;
      const auto found = places.find(key(*a_[i]));
      if (found == places.end() || found->first.empty()) continue;
      for (const std::size_t j : found->second) {
        if (used_b_[j]) continue;
        used_a_[i] = used_b_[j] = true;
        pairs_.push_back({a_[i], b_[j], level, why(*a_[i], *b_[j])});
        break;
      }
    }
  }

  std::vector<CasePair> take_pairs() { return std::move(pairs_); }
  std::vector<OnlyThere> only_a() const { return left(a_, used_a_); }
  std::vector<OnlyThere> only_b() const { return left(b_, used_b_); }

 private:
  using Cases = std::vector<const SideCase*>;
  using Places = std::unordered_map<std::string, std::vector<std::size_t>>;

  static Places places_of(const Cases& cases, const Key& key) {
    Places places;
    for (std::size_t i = 0; i < cases.size(); ++i) places[key(*cases[i])].push_back(i);
    return places;
  }

  void pair(std::size_t i, std::size_t j, Level level) {
    used_a_[i] = used_b_[j] = true;
    pairs_.push_back({a_[i], b_[j], level, why_not_comparable(*a_[i], *b_[j])});
  }

  void again(
      const Cases& ours, std::vector<bool>& used, const Cases& theirs, Level level, const Key& key, bool swapped) {
    const auto places = places_of(theirs, key);
    for (std::size_t i = 0; i < ours.size(); ++i) {
      if (used[i]) continue;
      const auto found = places.find(key(*ours[i]));
      if (found == places.end() || found->first.empty()) continue;
      const auto comparable = std::ranges::find_if(
          found->second, [&](std::size_t j) { return why_not_comparable(*ours[i], *theirs[j]).empty(); });
      const std::size_t partner = comparable != found->second.end() ? *comparable : found->second.front();
      used[i] = true;
      const SideCase *a = swapped ? theirs[partner] : ours[i], *b = swapped ? ours[i] : theirs[partner];
      pairs_.push_back({a, b, level, why_not_comparable(*a, *b)});
    }
  }

  static std::vector<OnlyThere> left(const Cases& cases, const std::vector<bool>& used) {
    std::vector<OnlyThere> only;
    for (std::size_t i = 0; i < cases.size(); ++i)
      if (!used[i]) only.push_back({cases[i], {}});
    return only;
  }

  const Cases &a_, &b_;
  std::vector<bool> used_a_, used_b_;
  std::vector<CasePair> pairs_;
};

std::vector<const SideCase*> all_of(const Side& side) {
  std::vector<const SideCase*> cases;
  for (const SideCase& one : side.cases) cases.push_back(&one);
  return cases;
}

std::string figure_of(const SideCase& one) { return one.figure; }
std::string figure_of_any_mode(const SideCase& one) { return without_precision(one.figure, one.precision); }

std::string mode_text(const SideCase& a, const SideCase& b) {
  return fmt::format("mode: {} in A, {} in B", a.precision, b.precision);
}

/// Figures of all sources together, in order of first appearance.
std::vector<const SideCase*> merged_by_figure(const Side& side, std::deque<SideCase>& merged) {
  std::vector<const SideCase*> cases;
  std::map<std::pair<std::string, std::string>, SideCase*> known;
  for (const SideCase& one : side.cases) {
    SideCase*& place = known[{one.figure, one.unit.unit}];
    if (place == nullptr) {
      place = &merged.emplace_back(one);
      cases.push_back(place);
      continue;
    }
    place->values.insert(place->values.end(), one.values.begin(), one.values.end());
    if (place->doubt.empty()) place->doubt = one.doubt;
    place->verified = place->verified && one.verified;
    if (place->source.find(one.source) == std::string::npos) place->source += "; " + one.source;
    if (place->workload != one.workload) place->workload = "several";
    if (place->conditions != one.conditions) place->conditions = "several";
  }
  return cases;
}

void pair_runs(Matcher& matcher) {
  const auto name = [](const SideCase& one) { return one.name; };
  const auto problem = [](const SideCase& one) { return one.problem; };
  matcher.match(Level::same_case, name);
  matcher.match(Level::same_problem, problem);
  matcher.match_again(Level::same_problem, problem);
  matcher.match(Level::same_figure, figure_of);
  matcher.match_again(Level::same_figure, figure_of);
  matcher.refuse(
      Level::same_problem,
      [](const SideCase& one) { return without_precision(one.problem, one.precision); },
      mode_text);
}

void pair_published(Matcher& matcher) {
  matcher.match(Level::same_figure, [](const SideCase& one) {
    return fmt::format("{}\n{}\n{}\n{}", one.figure, one.source, one.workload, one.unit.unit);
  });
  matcher.refuse(
      Level::same_figure,
      [](const SideCase& one) { return fmt::format("{}\n{}\n{}", figure_of_any_mode(one), one.source, one.workload); },
      mode_text);
  matcher.refuse(Level::same_figure, figure_of, [](const SideCase& a, const SideCase& b) {
    return a.source == b.source
               ? fmt::format("workload: {} in A, {} in B, both by {}", a.workload, b.workload, a.source)
               : fmt::format("source: {} for A, {} for B", a.source, b.source);
  });
}

/// What is in one list only, although the other side has that figure, too.
void tell_other_sources(std::vector<OnlyThere>& only, const Side& other) {
  std::map<std::string, std::set<std::string>> sources;
  for (const SideCase& one : other.cases) sources[one.figure].insert(one.source);
  for (OnlyThere& one : only) {
    const auto found = sources.find(one.one->figure);
    if (found != sources.end())
      one.remark = fmt::format("there by {}, not by {}", *found->second.begin(), one.one->source);
  }
}

}  // namespace

std::string_view name(Level level) {
  switch (level) {
    case Level::same_case: return "case";
    case Level::same_problem: return "problem";
    case Level::same_figure: return "figure";
  }
  return "?";
}

std::string why_not_comparable(const SideCase& a, const SideCase& b) {
  const auto differ = [](std::string_view what, const auto& in_a, const auto& in_b) {
    return fmt::format("{}: {} in A, {} in B", what, in_a, in_b);
  };
  if (a.values.empty() && b.values.empty())
    return fmt::format("no value in A ({}) nor in B ({})", a.why_none, b.why_none);
  if (a.values.empty()) return fmt::format("no value in A ({})", a.why_none);
  if (b.values.empty()) return fmt::format("no value in B ({})", b.why_none);
  if (a.unit.unit != b.unit.unit) return differ("unit", a.unit.unit, b.unit.unit);
  if (a.problem.empty() || b.problem.empty()) return {};  // published: it tells neither method nor work
  if (a.method != b.method) return differ("method", a.method, b.method);
  if (a.cache != b.cache) return differ("cache", a.cache, b.cache);
  if (a.batch != b.batch && a.unit.unit == "s") return differ("batch", a.batch, b.batch);
  const double items_a = std::max(a.batch, 1), items_b = std::max(b.batch, 1);
  if (!nearly(a.work.flops / items_a, b.work.flops / items_b))
    return differ(
        "work", fmt::format("{:.6g} FLOP", a.work.flops / items_a), fmt::format("{:.6g} FLOP", b.work.flops / items_b));
  if (a.batch == b.batch && !nearly(a.work.bytes, b.work.bytes))
    return differ("work", fmt::format("{:.6g} bytes", a.work.bytes), fmt::format("{:.6g} bytes", b.work.bytes));
  return {};
}

Pairs pairs_of(const Side& a, const Side& b) {
  Pairs told;
  const bool mixed = a.published != b.published;
  const auto cases_a = mixed && a.published ? merged_by_figure(a, told.merged) : all_of(a);
  const auto cases_b = mixed && b.published ? merged_by_figure(b, told.merged) : all_of(b);
  Matcher matcher(cases_a, cases_b);
  if (mixed) {
    matcher.match(Level::same_figure, figure_of);
    matcher.match_again(Level::same_figure, figure_of);
  } else if (a.published) {
    pair_published(matcher);
  } else {
    pair_runs(matcher);
  }
  told.pairs = matcher.take_pairs();
  told.only_a = matcher.only_a();
  told.only_b = matcher.only_b();
  if (a.published && b.published) {
    tell_other_sources(told.only_a, b);
    tell_other_sources(told.only_b, a);
  }
  return told;
}

}  // namespace gpubench
