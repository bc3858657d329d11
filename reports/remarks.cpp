#include "reports/remarks.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "harness/measure/interval.hpp"
#include "reports/columns.hpp"

namespace gpubench {
namespace {

/// What one launch has to say beside its time.
std::vector<std::string> remarks_of(const CaseResult& row, bool has_time) {
  std::vector<std::string> said;
  if (row.finding) said.push_back(fmt::format("{}: {}", row.finding->verdict, row.finding->reason));
  said.insert(said.end(), row.labels.begin(), row.labels.end());
  if (has_time && row.status != Status::ok) said.push_back(status_text(row));  // else its line in the table says so
  return said;
}

/// What the library chose in one launch and not in another; times of different plans do not lie around one truth. Empty
/// where it chose the same.
std::string plan_change(const CaseSummary& one) {
  const auto planned = one.ok();
  std::string changes;
  for (const CaseResult* row : planned) {
    for (const auto& [what, before] : planned.front()->plan) {
      const auto now = row->plan.find(what);
      const std::string later = now == row->plan.end() ? "nothing" : now->second;
      if (later == before) continue;
      changes += fmt::format("{}{} {}, then {}", changes.empty() ? "" : "; ", what, before, later);
    }
    if (!changes.empty()) return "plan changed between launches: " + changes;
  }
  return {};
}

/// `, 1.99 to 2.05 times as fast as fp32`; only launches in which both ran can be compared.
std::string ratio_text(const CaseSummary& one, const CaseSummary* reference) {
  if (reference == nullptr || reference == &one) return {};
  std::vector<double> theirs, ours;
  for (const CaseResult* row : one.ok())
    for (const CaseResult* other : reference->ok())
      if (other->launch == row->launch) {
        theirs.push_back(other->median_seconds);
        ours.push_back(row->median_seconds);
      }
  const auto ratio = ratio_interval_over_launches(theirs, ours);
  if (!ratio) return {};
  return fmt::format(", {:.2f} to {:.2f} times as fast as {}", ratio->low, ratio->high, reference->first().precision);
}

std::optional<Interval> interval_of(const CaseSummary& one) {
  std::vector<double> medians;
  for (const CaseResult* row : one.ok()) medians.push_back(row->median_seconds);
  return interval_over_launches(medians);
}

}  // namespace

std::vector<std::string> remarks(const Group& group, const Caption& caption) {
  std::vector<std::string> lines;
  for (const CaseSummary& one : group.cases) {
    std::vector<std::pair<std::string, int>> said;
    for (const CaseResult* row : one.launches)
      for (const std::string& remark : remarks_of(*row, one.has_time())) {
        const auto before = std::ranges::find(said, remark, &std::pair<std::string, int>::first);
        if (before == said.end())
          said.emplace_back(remark, 1);
        else
          ++before->second;
      }
    for (const auto& [remark, times] : said) {
      const std::string how_often =
          one.launches.size() > 1 ? fmt::format(" ({} of {} launches)", times, one.launches.size()) : "";
      lines.push_back(fmt::format("{}: {}{}", caption(one), remark, how_often));
    }
    if (const std::string change = plan_change(one); !change.empty())
      lines.push_back(fmt::format("{}: {}", caption(one), change));
  }
  return lines;
}

std::vector<std::string> interval_lines(const Group& group,
                                        const Caption& caption,
                                        const std::function<const CaseSummary*(const CaseSummary&)>& reference) {
  std::size_t most = 0;
  for (const CaseSummary& one : group.cases)
    if (one.has_time()) most = std::max(most, one.ok().size());
  if (most == 0) return {};
  if (most == 1) return {"One launch: no interval (--launches 5 gives one)."};
  if (most == 2) return {"Two launches: no interval (--launches 5 gives one)."};
  std::vector<const CaseSummary*> timed;
  std::vector<std::optional<double>> ends;  // of all cases, so that they are in one unit
  for (const CaseSummary& one : group.cases) {
    if (!one.has_time()) continue;
    const auto interval = interval_of(one);
    timed.push_back(&one);
    ends.push_back(interval ? std::optional(interval->low) : std::nullopt);
    ends.push_back(interval ? std::optional(interval->high) : std::nullopt);
  }
  const auto texts = texts_in_one_unit(ends);
  std::vector<std::string> lines = {"95 % intervals over launches of this machine at this time:"};
  for (std::size_t i = 0; i < timed.size(); ++i) {
    const CaseSummary& one = *timed[i];
    lines.push_back(texts[2 * i].empty()
                        ? fmt::format("  {}: none, fewer than three launches have a time", caption(one))
                        : fmt::format("  {}: {} to {}{} ({} launches)",
                                      caption(one),
                                      texts[2 * i],
                                      texts[2 * i + 1],
                                      ratio_text(one, reference(one)),
                                      one.ok().size()));
  }
  return lines;
}

}  // namespace gpubench
