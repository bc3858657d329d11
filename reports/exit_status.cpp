#include "reports/exit_status.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace gpubench {
namespace {

bool is_failure(Status status) {
  using enum Status;
  return status == failed || status == timed_out || status == wrong_result || status == implausible;
}

/// Of several launches the worst tells: a failure, then a launch that did not run, then one that cannot, then `ok`.
int badness(Status status) {
  if (is_failure(status)) return 3;
  if (status == Status::not_run) return 2;
  return status == Status::unsupported ? 1 : 0;
}

/// What a machine that computes wrongly or has got worse looks like.
bool is_bad_news(const CaseResult& row) {
  return row.status == Status::wrong_result || row.status == Status::implausible || row.finding.has_value();
}

}  // namespace

Coverage coverage(const Run& run) {
  std::map<std::string, int> worst;
  for (const CaseResult& row : run.results) {
    int& so_far = worst.try_emplace(row.name, 0).first->second;
    so_far = std::max(so_far, badness(row.status));
  }
  Coverage counts;
  for (const auto& [name, bad] : worst) {
    if (bad == 0) ++counts.ran;
    if (bad == 1) ++counts.unsupported;
    if (bad == 2) ++counts.not_run;
    if (bad == 3) ++counts.failed;
  }
  return counts;
}

std::string text_of(const Coverage& coverage) {
  std::string text =
      fmt::format("ran {}, unsupported {}, failed {}", coverage.ran, coverage.unsupported, coverage.failed);
  if (coverage.not_run > 0) text += fmt::format(", not run {}", coverage.not_run);
  return text;
}

int exit_status(const Run& run, const std::set<std::string>& named_in_full, bool interrupted) {
  if (std::ranges::any_of(run.results, is_bad_news)) return 1;
  const auto asked_and_not_had = [&](const CaseResult& row) {
    if (row.status == Status::unsupported)
      return named_in_full.contains(row.run_name) || named_in_full.contains(row.name);
    return row.status != Status::ok;
  };
  if (interrupted || std::ranges::any_of(run.results, asked_and_not_had)) return 3;
  return coverage(run).ran > 0 ? 0 : 3;
}

}  // namespace gpubench
