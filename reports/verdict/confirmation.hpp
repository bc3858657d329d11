#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/measure/statistics.hpp"
#include "reports/verdict/rules.hpp"

namespace gpubench {

// The confirmation: launches of tonight's build B and of the pinned build A in turn, A B B A A B B A, on one node
// within minutes. They share boot, night and clocks, so that what differs is the code. Each adjacent A and B is a pair.

/// B against A in percent, and what it means. `same`: no difference that fails a build; `undecided`: more pairs needed.
struct Paired {
  enum class Answer { more, same, slower, faster, undecided };
  Answer answer = Answer::undecided;
  double p = 1;                        ///< exact signed ranks, one-sided towards slower (of `faster` towards faster)
  double percent = 0;                  ///< Hodges-Lehmann
  std::optional<Interval> interval{};  ///< 95 %, of the percent
  int pairs = 0;
};

/// The rule after some pairs of `planned` (12, or 16 of a case carried over): at half of them (6; 8) it ends as `same`
/// where there is no sign of slower, else asks for more; at the end slower, undecided or same. Differences are B - A.
/// With fewer pairs than `first_pairs` nothing is decided. Once pairs were lost (`last`), what there is decides, at the
/// same limits.
Paired judge_pairs(std::span<const double> differences, int planned, bool last, const Rules& rules = default_rules);

/// The same rule for a change for the better: judge_pairs of the negated differences, told as `faster`.
Paired judge_faster(std::span<const double> differences, int planned, bool last, const Rules& rules = default_rules);

/// Pairs at which the rule looks for the first time: 6 of 12, 8 of 16.
int first_look(int planned, const Rules& rules = default_rules);

}  // namespace gpubench
