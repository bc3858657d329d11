#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/compare/tables.hpp"

namespace gpubench {
namespace {

std::string kinds_text(const Comparison& comparison) {
  std::vector<std::string> kinds;
  for (std::size_t i = 1; i < comparison.summary.size(); ++i) {
    const KindSummary& kind = comparison.summary[i];
    kinds.push_back(fmt::format("{} {} ({})", kind.kind, times_text(kind.middle), kind.rows));
  }
  return fmt::format("{}", fmt::join(kinds, ", "));
}

std::string speed_sentence(const Comparison& comparison) {
  const KindSummary& all = comparison.summary.front();
  const bool published = comparison.a.published && comparison.b.published;
  const bool alike = comparison.a.short_title == comparison.b.short_title;
  const auto called = [alike](const char* letter, const SideSummary& side, bool other_published) {
    if (alike) return fmt::format("{} ({})", letter, side.label);
    return side.published && !other_published ? "what is published of " + side.short_title : side.short_title;
  };
  std::string against = fmt::format("{} is {} as fast as {}",
                                    called("B", comparison.b, comparison.a.published),
                                    times_text(all.middle),
                                    called("A", comparison.a, comparison.b.published));
  against[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(against[0])));
  if (all.rows == 1) return fmt::format("{}, in the one row that both have.", against);
  return fmt::format("{}: {} of {} {}, {} to {}.",
                     against,
                     published ? "median" : "geometric mean",
                     all.rows,
                     published ? "published pairs" : "rows",
                     times_text(all.least),
                     times_text(all.most));
}

std::string paper_sentence(const std::vector<SheetRow>& datasheet) {
  static constexpr std::pair<const char*, const char*> worth_telling[] = {{"peak_bf16", "dense BF16"},
                                                                          {"peak_tf32", "TF32"},
                                                                          {"peak_fp32", "FP32"},
                                                                          {"memory_bandwidth", "memory bandwidth"},
                                                                          {"nvlink_one_direction", "NVLink"},
                                                                          {"tdp", "power (TDP)"}};
  std::vector<std::string> told;
  for (const auto& [figure, words] : worth_telling) {
    const auto row = std::ranges::find(datasheet, figure, &SheetRow::figure);
    if (row != datasheet.end() && row->ratio) told.push_back(fmt::format("{} {}", words, times_text(*row->ratio)));
  }
  return told.empty() ? "" : fmt::format("On paper: {}.", fmt::join(told, ", "));
}

/// The two ends, where there is more than a few: what gained most is often another reason than what gained least.
std::string ends_sentence(const Comparison& comparison) {
  if (comparison.summary.front().rows < 3 || comparison.summary.front().most < 1.02 * comparison.summary.front().least)
    return {};
  const ComparedRow *least = nullptr, *most = nullptr;
  for (const ComparedRow& row : comparison.rows) {
    if (!row.ratio || row.unit == "%" || row.unit == "x") continue;
    if (least == nullptr || *row.times_as_fast() < *least->times_as_fast()) least = &row;
    if (most == nullptr || *row.times_as_fast() > *most->times_as_fast()) most = &row;
  }
  return fmt::format("Most: {} {}; least: {} {}.",
                     most->name,
                     times_text(*most->times_as_fast()),
                     least->name,
                     times_text(*least->times_as_fast()));
}

/// What AMP gains where both sides tell it, on one device: with more of them it depends on what connects them.
std::string gain_sentence(const Comparison& comparison) {
  std::vector<double> a, b;
  std::string over;
  for (const ModeGain& gain : comparison.gains) {
    if (!gain.ratio || !gain.mode.starts_with("amp-") || !gain.figure.ends_with(".d1")) continue;
    if (over.empty()) over = gain.over;
    if (gain.over != over) continue;
    a.push_back(*gain.a), b.push_back(*gain.b);
  }
  if (a.empty()) return {};
  return fmt::format("AMP gains {} over {} on A and {} on B{}.",
                     times_text(median(a)),
                     over,
                     times_text(median(b)),
                     a.size() == 1 ? "" : fmt::format(" (medians of {} trainings on one GPU)", a.size()));
}

}  // namespace

std::vector<std::string> answer(const Comparison& comparison) {
  std::vector<std::string> told;
  const auto add = [&told](const std::string& sentence) {
    if (!sentence.empty()) told.push_back(sentence);
  };
  if (comparison.compared() == 0 && comparison.only_on_paper())
    add("No figure of both is published by one source: only their datasheets can be compared.");
  else if (comparison.compared() == 0)
    add(fmt::format("Nothing can be compared: {} rows are not comparable, {} are only in A, {} only in B.",
                    comparison.rows.size(),
                    comparison.only_a.size(),
                    comparison.only_b.size()));
  else if (!comparison.summary.empty())
    add(speed_sentence(comparison));
  if (comparison.summary.size() > 2) add(fmt::format("By kind: {}.", kinds_text(comparison)));
  add(paper_sentence(comparison.datasheet));
  if (!comparison.summary.empty() && !comparison.a.published) add(ends_sentence(comparison));
  add(gain_sentence(comparison));
  if (!comparison.environment.empty()) {
    const EnvironmentDifference& first = comparison.environment.front();
    if (first.what != "digest" && !first.why.empty())
      add(fmt::format("The likeliest cause of a difference: {}: {} in A, {} in B.", first.what, first.a, first.b));
  }
  return told;
}

}  // namespace gpubench
