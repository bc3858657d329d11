#include "reports/verdict/confirmation.hpp"

#include <algorithm>

#include "reports/verdict/signed_rank.hpp"

namespace gpubench {

int first_look(int planned, const Rules& rules) { return std::max(rules.first_pairs, planned / 2); }

Paired judge_pairs(std::span<const double> differences, int planned, bool last, const Rules& rules) {
  using enum Paired::Answer;
  Paired told{.pairs = static_cast<int>(differences.size())};
  if (differences.empty()) return told;
  told.p = signed_rank_p(differences);
  told.percent = walsh_median(differences);
  told.interval = walsh_interval(differences, 0.95);
  if (told.pairs < rules.first_pairs) {
    told.answer = last ? undecided : more;
    return told;
  }
  const bool at_end = last || told.pairs >= planned;
  if (!at_end) {
    const bool futile =
        told.pairs >= first_look(planned, rules) && (told.p > rules.futile_p || told.percent < rules.futile_percent);
    told.answer = futile ? same : more;
    return told;
  }
  if (told.p <= rules.slower_p && told.percent >= rules.watch_percent)
    told.answer = slower;
  else
    told.answer = told.p <= rules.undecided_p && told.percent >= rules.futile_percent ? undecided : same;
  return told;
}

Paired judge_faster(std::span<const double> differences, int planned, bool last, const Rules& rules) {
  std::vector<double> negated(differences.begin(), differences.end());
  for (double& difference : negated) difference = -difference;
  Paired told = judge_pairs(negated, planned, last, rules);
  if (told.answer == Paired::Answer::slower) told.answer = Paired::Answer::faster;
  told.percent = -told.percent;
  if (told.interval) told.interval = Interval{.low = -told.interval->high, .high = -told.interval->low};
  return told;
}

}  // namespace gpubench
