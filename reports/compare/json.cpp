#include "reports/compare/json.hpp"

#include "reports/measurement_json.hpp"

namespace gpubench {
namespace {

constexpr int comparison_version = 1;

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json interval_json(const std::optional<Interval>& interval) {
  return interval ? Json{{"low", interval->low}, {"high", interval->high}} : Json(nullptr);
}

Json side_json(const SideSummary& side) {
  return {{"label", side.label},
          {"title", side.title},
          {"published", side.published},
          {"files", side.files},
          {"devices", side.devices},
          {"reference", text_or_null(side.reference)},
          {"reference_sure", side.reference_sure},
          {"reference_remark", text_or_null(side.reference_remark)}};
}

Json normalised_json(const std::optional<Normalised>& one) {
  if (!one) return nullptr;
  return {{"a", one->a}, {"b", one->b}, {"ratio", one->ratio}, {"unit", one->unit}, {"from", one->from}};
}

const char* over_text(SideRatio::Over over) {
  switch (over) {
    case SideRatio::Over::none: return "none";
    case SideRatio::Over::launches: return "launches";
    case SideRatio::Over::devices: return "devices";
  }
  return "?";
}

Json row_json(const ComparedRow& row) {
  return {{"name", row.name},
          {"name_b", text_or_null(row.name_b)},
          {"level", name(row.level)},
          {"figure", row.figure},
          {"unit", row.unit},
          {"precision", row.precision},
          {"higher_is_better", row.higher_is_better},
          {"a", or_null(row.a)},
          {"b", or_null(row.b)},
          {"ratio", or_null(row.ratio)},
          {"times_as_fast", or_null(row.times_as_fast())},
          {"interval", interval_json(row.interval)},
          {"over", over_text(row.over)},
          {"why_no_interval", row.ratio && !row.interval ? text_or_null(row.why_no_interval) : Json(nullptr)},
          {"n", {{"a", row.n_a}, {"b", row.n_b}}},
          {"range", {{"a", interval_json(row.range_a)}, {"b", interval_json(row.range_b)}}},
          {"normalised",
           {{"peak", normalised_json(row.normalised.peak)},
            {"bandwidth", normalised_json(row.normalised.bandwidth)},
            {"watt", normalised_json(row.normalised.watt)}}},
          {"limiter", {{"a", text_or_null(row.limiter_a)}, {"b", text_or_null(row.limiter_b)}}},
          {"why_not", text_or_null(row.why_not)},
          {"source", text_or_null(row.source)},
          {"conditions", {{"a", text_or_null(row.conditions_a)}, {"b", text_or_null(row.conditions_b)}}},
          {"doubt", text_or_null(row.doubt)},
          {"verified", row.verified}};
}

Json one_sided_json(const std::vector<OneSided>& only) {
  Json list = Json::array();
  for (const OneSided& one : only)
    list.push_back({{"name", one.name},
                    {"figure", one.figure},
                    {"unit", one.unit},
                    {"precision", one.precision},
                    {"value", or_null(one.value)},
                    {"of_peak", or_null(one.of_peak)},
                    {"remark", text_or_null(one.remark)}});
  return list;
}

Json summary_json(const std::vector<KindSummary>& summary, bool published) {
  Json list = Json::array();
  for (const KindSummary& kind : summary)
    list.push_back({{"kind", kind.kind},
                    {"rows", kind.rows},
                    {"times_as_fast", kind.middle},
                    {"by", published ? "median" : "geometric mean"},
                    {"least", kind.least},
                    {"most", kind.most}});
  return list;
}

Json datasheet_json(const std::vector<SheetRow>& rows) {
  Json list = Json::array();
  for (const SheetRow& row : rows)
    list.push_back({{"figure", row.figure},
                    {"unit", row.unit},
                    {"a", or_null(row.a)},
                    {"b", or_null(row.b)},
                    {"ratio", or_null(row.ratio)},
                    {"verified", row.verified}});
  return list;
}

Json gains_json(const std::vector<ModeGain>& gains) {
  Json list = Json::array();
  for (const ModeGain& gain : gains)
    list.push_back({{"figure", gain.figure},
                    {"mode", gain.mode},
                    {"over", gain.over},
                    {"by", gain.by},
                    {"a", or_null(gain.a)},
                    {"b", or_null(gain.b)},
                    {"ratio", or_null(gain.ratio)},
                    {"peak_ratio", {{"a", or_null(gain.peak_a)}, {"b", or_null(gain.peak_b)}}}});
  return list;
}

}  // namespace

Json to_json(const Comparison& comparison) {
  Json rows = Json::array(), environment = Json::array();
  for (const ComparedRow& row : comparison.rows) rows.push_back(row_json(row));
  for (const EnvironmentDifference& one : comparison.environment)
    environment.push_back({{"what", one.what}, {"a", one.a}, {"b", one.b}, {"why", text_or_null(one.why)}});
  return {{"gpubench_comparison", comparison_version},
          {"a", side_json(comparison.a)},
          {"b", side_json(comparison.b)},
          {"summary", summary_json(comparison.summary, comparison.a.published && comparison.b.published)},
          {"datasheet", datasheet_json(comparison.datasheet)},
          {"rows", rows},
          {"gains", gains_json(comparison.gains)},
          {"only_a", one_sided_json(comparison.only_a)},
          {"only_b", one_sided_json(comparison.only_b)},
          {"environment", environment},
          {"remarks", comparison.remarks},
          {"skipped_files", comparison.broken}};
}

}  // namespace gpubench
