#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "reports/compare/case_key.hpp"
#include "reports/compare/comparison.hpp"

namespace gpubench {
namespace {

struct Key {
  std::string figure{}, by{}, mode{}, over{};
  auto operator<=>(const Key&) const = default;
};

double value_of(const SideCase& one) {
  std::vector<Measured> values = one.values;
  return ratio_of_sides(values, values).a;
}

std::string by_of(const SideCase& one) {
  return one.problem.empty() ? fmt::format("{} ({})", one.source, one.workload) : one.implementation;
}

/// A mode against fp32 and tf32 of the same model, batch aside, by the same implementation or source.
std::map<Key, double> gains_of(const Side& side) {
  std::map<std::pair<std::string, std::string>, std::map<std::string, double>> by_mode;
  for (const SideCase& one : side.cases) {
    const bool rate = one.unit.higher_is_better && one.unit.unit.find("/s") != std::string::npos;
    if (first_word(one.figure) != "train" || one.values.empty() || !rate) continue;
    auto& value = by_mode[{without_precision(one.figure, one.precision), by_of(one)}][one.precision];
    value = std::max(value, value_of(one));  // of several batches the fastest
  }
  std::map<Key, double> gains;
  for (const auto& [figure_and_by, modes] : by_mode)
    for (const char* over : {"fp32", "tf32"})
      for (const auto& [mode, value] : modes)
        if (mode != over && mode != "fp32" && modes.contains(over))
          gains[{figure_and_by.first, figure_and_by.second, mode, over}] = value / modes.at(over);
  return gains;
}

Limits limits_of_mode(const Side& side, const std::string& mode) {
  SideCase one;
  one.precision = mode;
  return limits_of(side, one);
}

/// What several sources published of one gain, together: the median.
std::map<Key, double> merged_over_sources(const std::map<Key, double>& gains) {
  std::map<Key, std::vector<double>> by_figure;
  for (const auto& [key, gain] : gains) by_figure[{key.figure, "", key.mode, key.over}].push_back(gain);
  std::map<Key, double> merged;
  for (const auto& [key, values] : by_figure) {
    const std::string by = values.size() == 1 ? "published" : fmt::format("median of {} published", values.size());
    merged[{key.figure, by, key.mode, key.over}] = median(values);
  }
  return merged;
}

std::optional<double> peak_ratio(const Side& side, const Key& key) {
  const Limits mode = limits_of_mode(side, key.mode), over = limits_of_mode(side, key.over);
  if (!mode.peak || !over.peak) return std::nullopt;
  return *mode.peak / *over.peak;
}

}  // namespace

std::vector<ModeGain> mode_gains(const Side& a, const Side& b) {
  auto in_a = gains_of(a), in_b = gains_of(b);
  const bool one_source = a.published && b.published;
  if (a.published && !one_source) in_a = merged_over_sources(in_a);
  if (b.published && !one_source) in_b = merged_over_sources(in_b);
  std::vector<ModeGain> told;
  const auto add =
      [&](const Key& key, std::optional<double> gain_a, std::optional<double> gain_b, const std::string& by) {
        told.push_back({.figure = key.figure,
                        .mode = key.mode,
                        .over = key.over,
                        .by = by,
                        .a = gain_a,
                        .b = gain_b,
                        .ratio = gain_a && gain_b ? std::optional(*gain_b / *gain_a) : std::nullopt,
                        .peak_a = peak_ratio(a, key),
                        .peak_b = peak_ratio(b, key)});
      };
  for (const auto& [key, gain] : in_a) {
    const auto partner = std::ranges::find_if(in_b, [&, &wanted = key](const auto& other) {
      const Key& theirs = other.first;
      const bool same = theirs.figure == wanted.figure && theirs.mode == wanted.mode && theirs.over == wanted.over;
      return same && (!one_source || theirs.by == wanted.by);
    });
    if (partner == in_b.end()) {
      if (!a.published || one_source) add(key, gain, std::nullopt, key.by);
      continue;
    }
    add(key,
        gain,
        partner->second,
        partner->first.by == key.by ? key.by : fmt::format("A: {}, B: {}", key.by, partner->first.by));
    in_b.erase(partner);
  }
  if (!b.published || one_source)
    for (const auto& [key, gain] : in_b) add(key, std::nullopt, gain, key.by);
  return told;
}

}  // namespace gpubench
