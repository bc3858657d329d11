#include "reports/history/interval_rule.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "reports/statistics/ratio.hpp"
#include "reports/verdict/rules.hpp"

namespace gpubench {
namespace {

/// As times relative to the first, which logarithms of do not overflow.
std::vector<double> as_times(std::span<const double> log_percents, double origin) {
  std::vector<double> times;
  for (const double one : log_percents) times.push_back(std::exp((one - origin) / 100));
  return times;
}

Verdict verdict_of(const Interval& slower, const Rules& rules) {
  if (slower.low > rules.regression_percent) return Verdict::regression;
  if (slower.low > rules.watch_percent) return Verdict::watch;
  if (slower.high < -rules.regression_percent) return Verdict::improvement;
  return slower.high > rules.insensitive_percent ? Verdict::insensitive : Verdict::ok;
}

}  // namespace

std::optional<ByInterval> judge_by_interval(std::span<const double> past, std::span<const double> tonight) {
  if (std::min(past.size(), tonight.size()) < least_launches_to_decide) return std::nullopt;
  const LogMean a = log_mean(as_times(past, past.front())), b = log_mean(as_times(tonight, past.front()));
  const auto ratio = ratio_interval(a, b, Confidence::percent_99);
  if (!ratio) return std::nullopt;
  const Interval slower{.low = 100 * std::log(ratio->low), .high = 100 * std::log(ratio->high)};
  return ByInterval{
      .slower_percent = slower, .percent = 100 * (b.mean - a.mean), .verdict = verdict_of(slower, default_rules)};
}

}  // namespace gpubench
