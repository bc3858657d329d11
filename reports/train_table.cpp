#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "harness/core/format.hpp"
#include "reports/amp_gain.hpp"
#include "reports/columns.hpp"
#include "reports/explain.hpp"
#include "reports/group_table.hpp"
#include "reports/remarks.hpp"

namespace gpubench {
namespace {

/// The same network on the same device by the same implementation in another mode; null when it has no time.
const CaseSummary* sibling(const Group& group, const CaseSummary& of, std::string_view mode) {
  for (const CaseSummary& one : group.cases)
    if (one.has_time() && one.first().precision == mode && one.first().device == of.first().device &&
        one.first().implementation == of.first().implementation)
      return &one;
  return nullptr;
}

bool differs(const Group& group, std::string CaseResult::*member) {
  return std::ranges::any_of(
      group.cases, [&](const CaseSummary& one) { return one.first().*member != group.cases.front().first().*member; });
}

/// Device and implementation, each only where the group has several.
std::vector<std::string> first_cells(const Group& group, const CaseSummary& one) {
  const CaseResult& row = one.first();
  return {row.precision,
          differs(group, &CaseResult::device) ? row.device : "",
          differs(group, &CaseResult::implementation) ? row.implementation : ""};
}

std::string caption(const Group& group, const CaseSummary& one) {
  std::string text;
  for (const std::string& cell : first_cells(group, one))
    if (!cell.empty()) text += (text.empty() ? "" : " ") + cell;
  return text;
}

/// How the epoch time came about, from the rows that have one: `derived from 6 steps`, `measured`.
std::string derivation(int fewest, int most, bool any_measured) {
  if (most == 0) return "measured";
  const std::string steps = fewest == most ? fmt::format("{}", most) : fmt::format("{} to {}", fewest, most);
  return fmt::format("{}derived from {} steps", any_measured ? "partly measured, partly " : "", steps);
}

std::string title_of(const Group& group) {
  std::string item = group.cases.front().first().item;
  std::int64_t items = 0;
  int fewest = std::numeric_limits<int>::max(), most = 0;
  bool any_measured = false;
  for (const CaseSummary& one : group.cases)
    for (const CaseResult* row : one.ok()) {
      if (!row->epoch) continue;
      items = row->epoch->items;
      any_measured = any_measured || row->epoch->measured;
      if (row->epoch->measured) continue;
      fewest = std::min(fewest, row->epoch->from_steps);
      most = std::max(most, row->epoch->from_steps);
    }
  if (items == 0) return group.title;
  return fmt::format(
      "{} · epoch = {} {}, {}", group.title, text_of_count(items), item, derivation(fewest, most, any_measured));
}

/// `10.2`, `812`, `12 345`
std::string rate_text(std::optional<double> rate) {
  if (!rate) return {};
  if (*rate >= 1000) return text_of_count(std::llround(*rate));
  return fmt::format("{:.{}f}", *rate, *rate < 10 ? 2 : *rate < 100 ? 1 : 0);
}

std::string ratio_text(const CaseSummary* reference, const CaseSummary& one) {
  return reference == nullptr ? "" : fmt::format("{:.2f}", *reference->seconds() / *one.seconds());
}

/// More digits near 1, so that 1.000 is not what a difference looks like.
std::string parity_text(const CaseSummary& one) {
  const auto& parity = one.ok().front()->parity;
  if (!parity) return {};
  if (parity->not_checked) return "not checked: " + *parity->not_checked;
  if (parity->mismatch) return "differs: " + *parity->mismatch;
  const double cosine = parity->gradient_cosine;
  return fmt::format("ok (gradient cosine {:.{}f})", cosine, cosine < 0.9995 ? 3 : 6);
}

/// Times of all cases of a column, in one unit.
std::vector<std::string> time_texts(const Group& group, std::optional<double> (*value)(const CaseSummary&)) {
  std::vector<std::optional<double>> seconds;
  for (const CaseSummary& one : group.cases) seconds.push_back(value(one));
  return texts_in_one_unit(seconds);
}

std::optional<double> epoch_seconds(const CaseSummary& one) {
  return one.median_of([](const CaseResult& row) -> std::optional<double> {
    return row.epoch ? std::optional(row.epoch->seconds) : std::nullopt;
  });
}

Columns columns_for(const std::string& item) {
  Columns columns;
  for (const char* heading : {"mode", "device", "by", "step", "spread"}) columns.add_column(heading);
  columns.add_column(item + "/s", Columns::Align::right);
  for (const char* heading : {"epoch", "vs fp32", "vs tf32", "memory", "parity with fp32"}) columns.add_column(heading);
  return columns;
}

std::string table_of(const Group& group) {
  const std::string& item = group.cases.front().first().item;
  Columns columns = columns_for(item);
  const auto steps = time_texts(group, [](const CaseSummary& one) { return one.seconds(); });
  const auto epochs = time_texts(group, epoch_seconds);
  for (std::size_t i = 0; i < group.cases.size(); ++i) {
    const CaseSummary& one = group.cases[i];
    std::vector<std::string> cells = first_cells(group, one);
    if (const CaseResult* without = one.why_no_time()) {
      columns.add_sentence(std::move(cells), status_text(*without));
      continue;
    }
    const auto spread = one.median_of([](const CaseResult& row) { return row.spread; });
    const auto memory = one.median_of([](const CaseResult& row) { return row.peak_memory_bytes; });
    const bool beyond_tf32 = one.first().precision != "fp32";
    for (const std::string& cell : {steps[i],
                                    spread ? text_of_percent(*spread) : "",
                                    rate_text(one.figure(item + "_per_second")),
                                    epochs[i],
                                    ratio_text(sibling(group, one, "fp32"), one),
                                    beyond_tf32 ? ratio_text(sibling(group, one, "tf32"), one) : "",
                                    memory ? text_of_bytes(*memory) : "",
                                    parity_text(one)})
      cells.push_back(cell);
    columns.add_row(std::move(cells));
  }
  return columns.text("  ");
}

/// What bounds the gain, for each AMP mode that ran beside fp32.
/// @param hint how to see more is said where there is more to see
std::vector<std::string> gains(const Group& group, bool hint) {
  std::vector<std::string> lines;
  for (const CaseSummary& one : group.cases) {
    const CaseSummary* fp32 = sibling(group, one, "fp32");
    if (!one.has_time() || fp32 == nullptr || !one.first().precision.starts_with("amp-")) continue;
    const double gain = *fp32->seconds() / *one.seconds();
    std::string sentence = amp_gain_sentence(*fp32->ok().front(), *one.ok().front(), gain);
    if (hint && sentence.ends_with('.') && !one.ok().front()->parts.empty())
      sentence.insert(sentence.size() - 1, " (--explain)");
    const bool alone = !differs(group, &CaseResult::device) && !differs(group, &CaseResult::implementation);
    if (!sentence.empty()) lines.push_back(alone ? sentence : caption(group, one) + ": " + sentence);
  }
  return lines;
}

/// The step of each mode that ran, by its first launch, as the sentence about the gain has it.
std::string explanations(const Group& group) {
  std::string text;
  for (const CaseSummary& one : group.cases) {
    if (!one.has_time()) continue;
    const CaseSummary* fp32 = sibling(group, one, "fp32");
    const CaseResult* against = fp32 == nullptr || fp32 == &one ? nullptr : fp32->ok().front();
    text += fmt::format("\n{}", explanation(*one.ok().front(), against, caption(group, one)));
  }
  if (!text.empty()) text += '\n';
  return text;
}

}  // namespace

bool is_training(const Group& group) {
  return std::ranges::any_of(group.cases, [](const CaseSummary& one) { return is_training(one.first()); });
}

std::string train_table(const Group& group, bool explain) {
  std::string text = title_of(group) + "\n" + table_of(group);
  const Caption captions = [&group](const CaseSummary& one) { return caption(group, one); };
  const auto fp32 = [&group](const CaseSummary& one) { return sibling(group, one, "fp32"); };
  const auto say = [&text](const std::vector<std::string>& lines) {
    for (const std::string& line : lines) text += fmt::format("  {}\n", line);
  };
  if (!explain) say(gains(group, true));
  say(remarks(group, captions));
  say(interval_lines(group, captions, fp32));
  if (explain) {
    text += explanations(group);
    say(gains(group, false));  // what the breakdown comes to
  }
  return text;
}

}  // namespace gpubench
