#include "reports/case_summary.hpp"

#include <algorithm>

#include "harness/measure/statistics.hpp"

namespace gpubench {
namespace {

template <class List, class Same>
auto& found_or_added(List& list, const Same& same) {
  const auto found = std::ranges::find_if(list, same);
  return found != list.end() ? *found : list.emplace_back();
}

}  // namespace

std::vector<const CaseResult*> CaseSummary::ok() const {
  std::vector<const CaseResult*> rows;
  for (const CaseResult* row : launches)
    if (row->status == Status::ok) rows.push_back(row);
  return rows;
}

const CaseResult* CaseSummary::why_no_time() const {
  for (const CaseResult* row : launches)
    if (row->status == Status::wrong_result || row->status == Status::implausible) return row;
  return ok().empty() ? launches.front() : nullptr;
}

std::optional<double> CaseSummary::median_of(
    const std::function<std::optional<double>(const CaseResult&)>& value) const {
  std::vector<double> values;
  if (!has_time()) return std::nullopt;
  for (const CaseResult* row : ok())
    if (const auto one = value(*row)) values.push_back(*one);
  return values.empty() ? std::nullopt : std::optional(median(values));
}

std::optional<double> CaseSummary::seconds() const {
  return median_of([](const CaseResult& row) { return std::optional(row.median_seconds); });
}

std::optional<double> CaseSummary::figure(std::string_view name) const {
  return median_of([name](const CaseResult& row) -> std::optional<double> {
    for (const auto& [figure, value] : row.figures)
      if (figure == name) return value;
    return std::nullopt;
  });
}

std::vector<Group> groups_of(const Run& run) {
  std::vector<Group> groups;
  for (const CaseResult& row : run.results) {
    const std::string& title = row.group.empty() ? row.suite : row.group;
    Group& group = found_or_added(groups, [&](const Group& one) { return one.title == title; });
    group.title = title;
    found_or_added(group.cases, [&](const CaseSummary& one) {
      return one.first().name == row.name;
    }).launches.push_back(&row);
  }
  for (Group& group : groups)
    for (CaseSummary& one : group.cases)
      std::ranges::stable_sort(one.launches, {}, [](const CaseResult* row) { return row->launch; });
  return groups;
}

bool is_training(const CaseResult& row) { return !row.item.empty() && row.item != "launches"; }

std::string status_text(const CaseResult& row) {
  std::string text(name(row.status));
  std::ranges::replace(text, '_', ' ');
  return row.reason.empty() ? text : text + ": " + row.reason;
}

}  // namespace gpubench
