#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run.hpp"

namespace gpubench {

/// One case over the launches of a run: one line of a table. It points into the run.
struct CaseSummary {
  std::vector<const CaseResult*> launches{};  ///< never empty

  const CaseResult& first() const { return *launches.front(); }
  std::vector<const CaseResult*> ok() const;
  /// The launch that decides what is shown instead of a time: any wrong or implausible one, or, where none is ok, the
  /// first. Null when the case has a time.
  const CaseResult* why_no_time() const;
  bool has_time() const { return why_no_time() == nullptr; }

  /// Median over the launches that are ok and have the value; none where no launch has.
  std::optional<double> median_of(const std::function<std::optional<double>(const CaseResult&)>& value) const;
  std::optional<double> seconds() const;
  std::optional<double> figure(std::string_view name) const;
};

/// Rows of one group, cases in order of first appearance.
struct Group {
  std::string title{};
  std::vector<CaseSummary> cases{};
};
std::vector<Group> groups_of(const Run& run);

/// Whether it is a training step's: what it counts is data (images, tokens), not launches of kernels.
bool is_training(const CaseResult& row);

/// `unsupported: this CPU has no TF32`
std::string status_text(const CaseResult& row);

}  // namespace gpubench
