#include "reports/verdict/screen.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <numeric>

#include <fmt/format.h>

#include "reports/verdict/ramp.hpp"
#include "reports/verdict/robust.hpp"
#include "reports/verdict/window.hpp"

namespace gpubench {
namespace {

/// A series on its way through the screen.
struct Working {
  Window window{};
  double raw_level = 0, tonight = 0, own_spread = 0, launch_spread = 0;
  bool judged = false, is_sentinel = false;
};

double median_of(std::span<const double> values) {
  std::vector<double> scratch(values.begin(), values.end());
  return median_in_place(scratch);
}

/// The newest `most` values of the window's level and of older ones.
std::span<const double> newest(const Window& window, std::size_t end, std::size_t most) {
  const std::size_t begin = end > most ? end - most : 0;
  return std::span(window.values).subspan(begin, end - begin);
}

double level_of(const Window& window, std::size_t end, std::size_t most) {
  const std::size_t oldest_of_level = window.size() - window.of_level;
  const std::size_t begin = std::max(oldest_of_level, end > most ? end - most : 0);
  return median_of(std::span(window.values).subspan(begin, end - begin));
}

std::string why_no_history(const Window& window, const SeriesNight& tonight, const Rules& rules) {
  if (tonight.launches.empty()) return "not measured tonight";
  const auto nights = static_cast<int>(window.size()), of_level = static_cast<int>(window.of_level);
  if (nights < rules.least_nights) return fmt::format("{} accepted nights, {} are needed", nights, rules.least_nights);
  if (of_level < rules.least_level_nights)
    return fmt::format("{} nights since a new level was accepted, {} are needed", of_level, rules.least_level_nights);
  return {};
}

/// Takes out of the window and of tonight what the whole node did. @returns how much of tonight that is
double take_out_common(Working& work, const CommonMode& common, const Rules& rules) {
  if (!common.known) return 0;
  std::vector<double> residuals, of_node;
  const auto newest_nights = static_cast<std::size_t>(rules.window_nights);
  const std::size_t nights = work.window.size();
  std::vector<std::optional<double>> all(nights);
  for (std::size_t i = 0; i < nights; ++i) {
    const double own = work.window.values[i] - work.raw_level;
    all[i] = common.at(work.window.nights[i], work.is_sentinel ? std::optional(own) : std::nullopt);
    if (!all[i] || i + newest_nights < nights) continue;
    residuals.push_back(own);
    of_node.push_back(*all[i]);
  }
  const double slope = common_slope(residuals, of_node, rules);
  for (std::size_t i = 0; i < nights; ++i) work.window.values[i] -= slope * all[i].value_or(0);
  const double own = work.tonight - work.raw_level;
  const double node_tonight = common.tonight_without(work.is_sentinel ? std::optional(own) : std::nullopt);
  work.tonight -= slope * node_tonight;
  return slope * node_tonight;
}

double own_spread(std::span<const double> values, double level, const Rules& rules) {
  std::vector<double> residuals(values.begin(), values.end()), scratch;
  for (double& residual : residuals) residual -= level;
  const double deviation = deviation_around(residuals, 0, scratch);
  return rules.spread_bias * clipped_rms(residuals, rules.clip_deviations * deviation);
}

/// The typical spread of cases whose launches lie as far apart: a quarter of the node's cases. 0 where there are few.
std::vector<double> spreads_of_similar(const std::vector<Working>& all, const Rules& rules) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].judged) order.push_back(i);
  std::vector<double> similar(all.size(), 0.0);
  if (order.size() < static_cast<std::size_t>(rules.least_for_prior)) return similar;
  std::ranges::sort(order, {}, [&](std::size_t i) { return all[i].launch_spread; });
  for (std::size_t quarter = 0; quarter < 4; ++quarter) {
    const std::size_t begin = quarter * order.size() / 4, end = (quarter + 1) * order.size() / 4;
    std::vector<double> spreads;
    for (std::size_t i = begin; i < end; ++i) spreads.push_back(all[order[i]].own_spread);
    const double typical = median_in_place(spreads);
    for (std::size_t i = begin; i < end; ++i) similar[order[i]] = typical;
  }
  return similar;
}

void judge(Screened& told, const Working& work, double similar, const Rules& rules) {
  const double n = told.nights, prior = similar > 0 ? rules.prior_nights : 0;
  const double own = work.own_spread * work.own_spread * n;
  told.spread = std::max(rules.least_spread, std::sqrt((prior * similar * similar + own) / (prior + n)));
  const double unit = told.spread * level_factor(n);
  told.z = told.percent / unit;
  told.detectable = std::max(rules.screen_percent, (rules.screen_z + rules.detectable_power) * unit);
  told.drift = drift(work.window, work.tonight, told.spread, rules).value_or(0);
  using enum Screened::Answer;
  told.answer = quiet;
  if (told.z > rules.screen_z && told.percent > rules.screen_percent)
    told.why = Screened::Why::step;
  else if (told.cusum > rules.cusum_limit)
    told.why = Screened::Why::ramp;
  else if (told.drift > 0)
    told.why = Screened::Why::drift;
  if (told.why != Screened::Why::none)
    told.answer = suspect;
  else if (told.z < -rules.screen_z && told.percent < -rules.screen_percent)
    told.answer = faster;
}

/// The level, the spread of its own and how far tonight is from it, once the common mode is out.
void measure(Screened& told, Working& work, const Rules& rules) {
  const auto most = static_cast<std::size_t>(rules.window_nights);
  const Cusum sum = cusum(work.window, work.tonight, rules);
  const double level = level_of(work.window, sum.frozen_from, most);
  const auto values = newest(work.window, sum.frozen_from, most);
  work.own_spread = own_spread(values, level, rules);
  told.cusum = sum.sum;
  told.nights = static_cast<int>(values.size());
  told.percent = work.tonight - level;
  told.level = level + told.common;
}

SuiteScreened screen_suite(const CommonMode& common, const Rules& rules) {
  SuiteScreened suite{.why_not = common.why_not};
  const auto most = static_cast<std::size_t>(rules.window_nights);
  if (!common.known) return suite;
  const auto values = std::span(common.values).last(std::min(common.values.size(), most));
  if (values.size() < static_cast<std::size_t>(rules.least_nights)) {
    suite.why_not = fmt::format("{} nights of compute-bound cases, {} are needed", values.size(), rules.least_nights);
    return suite;
  }
  suite.known = true;
  const double level = median_of(values);
  suite.spread = std::max(rules.least_spread, own_spread(values, level, rules));
  const double unit = suite.spread * level_factor(static_cast<double>(values.size()));
  suite.percent = common.tonight - level;
  suite.z = suite.percent / unit;
  suite.detectable = std::max(rules.suite_percent, (rules.suite_z + rules.detectable_power) * unit);
  suite.suspect = suite.z > rules.suite_z && suite.percent > rules.suite_percent;
  suite.faster = suite.z < -rules.suite_z && suite.percent < -rules.suite_percent;
  return suite;
}

}  // namespace

double level_factor(double nights) { return std::sqrt(1 + std::numbers::pi / 2 / nights); }

Screening screen_night(std::span<const Series> history, std::span<const SeriesNight> tonight, const Rules& rules) {
  assert(history.size() == tonight.size());
  const auto window_nights = static_cast<std::size_t>(rules.window_nights);
  Screening screening;
  screening.cases.resize(history.size());
  std::vector<Working> all(history.size());
  std::vector<Sentinel> sentinels;
  for (std::size_t i = 0; i < history.size(); ++i) {
    Working& work = all[i];
    work.window = window_of(history[i], tonight[i].level, 2 * window_nights);
    screening.cases[i].nights = static_cast<int>(work.window.size());
    screening.cases[i].why_not = why_no_history(work.window, tonight[i], rules);
    if (!tonight[i].launches.empty()) screening.cases[i].value = work.tonight = night_value(tonight[i].launches);
    work.judged = screening.cases[i].why_not.empty();
    if (!work.judged) continue;
    work.launch_spread = launch_spread(history[i], window_nights);
    work.raw_level = level_of(work.window, work.window.size(), window_nights);
    work.is_sentinel = is_sentinel(history[i].key.case_name);
    if (work.is_sentinel) sentinels.push_back({&work.window, work.raw_level, work.tonight});
  }
  const CommonMode common = common_mode(sentinels, rules);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].judged) continue;
    screening.cases[i].common = take_out_common(all[i], common, rules);
    measure(screening.cases[i], all[i], rules);
  }
  const auto similar = spreads_of_similar(all, rules);
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].judged) judge(screening.cases[i], all[i], similar[i], rules);
  screening.suite = screen_suite(common, rules);
  return screening;
}

}  // namespace gpubench
