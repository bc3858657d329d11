#include "reports/compare/comparison.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "reports/compare/case_key.hpp"

namespace gpubench {
namespace {

SideSummary summary_of(const Side& side) {
  return {.label = side.label,
          .title = side.title,
          .short_title = side.short_title,
          .published = side.published,
          .files = side.files,
          .devices = side.devices,
          .reference = side.sku.reference == nullptr ? "" : side.sku.reference->id,
          .reference_sure = side.sku.sure,
          .reference_remark = side.sku.remark};
}

std::vector<double> numbers_of(const std::vector<Measured>& values) {
  std::vector<double> numbers;
  for (const Measured& value : values) numbers.push_back(value.value);
  return numbers;
}

std::optional<Interval> range_of(const Side& side, const SideCase& one) {
  if (!side.published || one.values.size() < 2) return std::nullopt;
  const auto [least, most] = std::ranges::minmax(numbers_of(one.values));
  return Interval{least, most};
}

void put_ratio(ComparedRow& row, const Side& a, const SideCase& case_a, const Side& b, const SideCase& case_b) {
  const SideRatio told = ratio_of_sides(case_a.values, case_b.values);
  const bool published = a.published || b.published;
  row.a = a.published ? median(numbers_of(case_a.values)) : told.a;
  row.b = b.published ? median(numbers_of(case_b.values)) : told.b;
  row.ratio = *row.b / *row.a;
  row.n_a = a.published ? static_cast<int>(case_a.values.size()) : told.n_a;
  row.n_b = b.published ? static_cast<int>(case_b.values.size()) : told.n_b;
  row.range_a = range_of(a, case_a), row.range_b = range_of(b, case_b);
  row.over = published ? SideRatio::Over::none : told.over;
  row.why_no_interval = published ? "a published figure tells no launches" : told.why_none;
  if (!published) row.interval = told.interval;
  row.normalised = normalised(a, case_a, *row.a, b, case_b, *row.b);
  row.limiter_a = limiter_of(a, case_a, *row.a), row.limiter_b = limiter_of(b, case_b, *row.b);
}

ComparedRow row_of(const Side& a, const Side& b, const CasePair& pair) {
  const SideCase &in_a = *pair.a, &in_b = *pair.b;
  ComparedRow row{.name = in_a.name,
                  .name_b = in_b.name == in_a.name ? "" : in_b.name,
                  .level = pair.level,
                  .figure = in_a.figure.empty() ? in_b.figure : in_a.figure,
                  .unit = in_a.values.empty() ? in_b.unit.unit : in_a.unit.unit,
                  .precision = in_a.precision,
                  .higher_is_better = in_a.values.empty() ? in_b.unit.higher_is_better : in_a.unit.higher_is_better,
                  .why_not = pair.why_not,
                  .source = in_a.source.empty() || in_a.source == in_b.source ? in_b.source : in_a.source,
                  .conditions_a = in_a.conditions,
                  .conditions_b = in_b.conditions,
                  .doubt = in_a.doubt.empty() ? in_b.doubt : in_a.doubt,
                  .verified = in_a.verified && in_b.verified};
  if (row.why_not.empty()) {
    put_ratio(row, a, in_a, b, in_b);
    return row;
  }
  if (!in_a.values.empty()) row.a = median(numbers_of(in_a.values));
  if (!in_b.values.empty()) row.b = median(numbers_of(in_b.values));
  return row;
}

OneSided one_sided(const Side& side, const OnlyThere& only) {
  const SideCase& one = *only.one;
  OneSided told{
      .name = one.name, .figure = one.figure, .unit = one.unit.unit, .precision = one.precision, .remark = only.remark};
  if (one.values.empty()) {
    told.remark = one.why_none;
    return told;
  }
  told.value = median(numbers_of(one.values));
  const Limits limits = limits_of(side, one);
  const auto& most = told.unit == "GB/s" ? limits.bandwidth : limits.peak;
  const bool share =
      told.unit == "TFLOP/s" || told.unit == "TOP/s" || (told.unit == "GB/s" && first_word(one.name) == "memory");
  if (share && most && *most > 0) told.of_peak = *told.value / *most;
  if (!one.source.empty() && told.remark.empty()) told.remark = "by " + one.source;
  return told;
}

std::vector<SheetRow> sheet_rows(const Side& a, const Side& b) {
  const Reference *in_a = a.sku.reference, *in_b = b.sku.reference;
  if (in_a == nullptr || in_b == nullptr || in_a == in_b) return {};
  std::vector<SheetRow> rows;
  for (const SheetValue& value : in_a->datasheet) {
    SheetRow row{.figure = value.figure, .unit = value.unit, .a = value.value, .verified = value.verified};
    if (const SheetValue* other = in_b->sheet(value.figure)) {
      row.b = other->value;
      if (value.value > 0) row.ratio = other->value / value.value;
      row.verified = row.verified && other->verified;
    }
    rows.push_back(row);
  }
  for (const SheetValue& value : in_b->datasheet)
    if (in_a->sheet(value.figure) == nullptr)
      rows.push_back({.figure = value.figure, .unit = value.unit, .b = value.value, .verified = value.verified});
  return rows;
}

/// Speeds only: a share or a gain is no speed, and an epoch that was derived is its rate once more.
bool is_speed(const ComparedRow& row) {
  return row.ratio && row.unit != "%" && row.unit != "x" && row.doubt.empty() &&
         row.figure.find(".epoch_seconds") == std::string::npos;
}

KindSummary kind_of(const std::string& kind, std::vector<double> speeds, bool published) {
  const auto [least, most] = std::ranges::minmax(speeds);
  return {.kind = kind,
          .rows = static_cast<int>(speeds.size()),
          .middle = published ? median(speeds) : geometric_mean(speeds),
          .least = least,
          .most = most};
}

std::vector<KindSummary> summaries(const std::vector<ComparedRow>& rows, bool published) {
  std::vector<double> all;
  std::vector<std::pair<std::string, std::vector<double>>> kinds;
  for (const ComparedRow& row : rows) {
    if (!is_speed(row)) continue;
    const std::string word = first_word(row.figure.empty() ? row.name : row.figure);
    auto known = std::ranges::find(kinds, word, &std::pair<std::string, std::vector<double>>::first);
    if (known == kinds.end()) known = kinds.insert(kinds.end(), {word, {}});
    known->second.push_back(*row.times_as_fast());
    all.push_back(*row.times_as_fast());
  }
  if (all.empty()) return {};
  std::vector<KindSummary> told{kind_of("all", all, published)};
  for (const auto& [word, speeds] : kinds) told.push_back(kind_of(word, speeds, published));
  return told;
}

/// A plan is what the library chose: it explains more than any version.
std::vector<EnvironmentDifference> plan_differences(const std::vector<CasePair>& pairs) {
  std::vector<EnvironmentDifference> told;
  for (const CasePair& pair : pairs) {
    if (pair.level != Level::same_case || !pair.why_not.empty()) continue;
    for (const auto& [step, chosen] : pair.a->plan) {
      const auto other = pair.b->plan.find(step);
      if (other == pair.b->plan.end() || other->second == chosen) continue;
      told.push_back({.what = fmt::format("plan of {}: {}", pair.a->name, step),
                      .a = chosen,
                      .b = other->second,
                      .why = "the library chose otherwise"});
    }
  }
  return told;
}

void put_remarks(Comparison& told, const Side& a, const Side& b) {
  for (const Side* side : {&a, &b}) {
    told.remarks.insert(told.remarks.end(), side->remarks.begin(), side->remarks.end());
    told.broken.insert(told.broken.end(), side->broken.begin(), side->broken.end());
    if (!side->sku.remark.empty()) told.remarks.push_back(side->sku.remark);
  }
}

}  // namespace

std::optional<double> ComparedRow::times_as_fast() const {
  if (!ratio) return std::nullopt;
  return higher_is_better ? *ratio : 1 / *ratio;
}

std::optional<Interval> ComparedRow::times_as_fast_interval() const {
  if (!interval || higher_is_better) return interval;
  return Interval{1 / interval->high, 1 / interval->low};
}

int Comparison::compared() const {
  return static_cast<int>(std::ranges::count_if(rows, [](const ComparedRow& row) { return row.ratio.has_value(); }));
}

Comparison compare(const Side& a, const Side& b) {
  Comparison told{.a = summary_of(a), .b = summary_of(b)};
  const Pairs pairs = pairs_of(a, b);
  for (const CasePair& pair : pairs.pairs) told.rows.push_back(row_of(a, b, pair));
  std::ranges::stable_sort(told.rows, {}, [](const ComparedRow& row) { return !row.why_not.empty(); });
  for (const OnlyThere& only : pairs.only_a) told.only_a.push_back(one_sided(a, only));
  for (const OnlyThere& only : pairs.only_b) told.only_b.push_back(one_sided(b, only));
  told.summary = summaries(told.rows, a.published && b.published);
  told.datasheet = sheet_rows(a, b);
  told.gains = mode_gains(a, b);
  told.environment = environment_differences(a, b);
  const auto plans = plan_differences(pairs.pairs);
  const auto after_devices =
      std::ranges::find_if(told.environment, [](const auto& one) { return one.what != "devices"; });
  told.environment.insert(after_devices, plans.begin(), plans.end());
  put_remarks(told, a, b);
  return told;
}

}  // namespace gpubench
