#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/compare/environment.hpp"
#include "reports/compare/limits.hpp"
#include "reports/compare/pairs.hpp"
#include "reports/compare/side.hpp"

namespace gpubench {

/// One line of the comparison: the same case, problem or figure on both sides.
struct ComparedRow {
  std::string name{}, name_b{};  ///< name_b only where B calls it otherwise
  Level level = Level::same_case;
  std::string figure{}, unit{}, precision{};
  bool higher_is_better = true;
  std::optional<double> a{}, b{};  ///< medians
  std::optional<double> ratio{};   ///< b / a
  std::optional<Interval> interval{};
  SideRatio::Over over = SideRatio::Over::none;
  std::string why_no_interval{};
  int n_a = 0, n_b = 0;                          ///< units of `over`; published values otherwise
  std::optional<Interval> range_a{}, range_b{};  ///< of several published values
  NormalisedBy normalised{};
  std::string limiter_a{}, limiter_b{};  ///< empty: not told
  std::string why_not{};                 ///< why it is not compared; then there is no ratio
  std::string source{}, conditions_a{}, conditions_b{};
  std::string doubt{};  ///< why a published figure of it is a poor reference: it is not counted in the summary
  bool verified = true;

  /// How many times as fast B is: the ratio, or its inverse where less is better.
  std::optional<double> times_as_fast() const;
  std::optional<Interval> times_as_fast_interval() const;
};

struct OneSided {
  std::string name{}, figure{}, unit{}, precision{};
  std::optional<double> value{};
  std::optional<double> of_peak{};  ///< share of this side's dense peak or memory bandwidth
  std::string remark{};             ///< why it has no value, or what the other side has instead
};

/// One line of both datasheets.
struct SheetRow {
  std::string figure{}, unit{};
  std::optional<double> a{}, b{}, ratio{};
  bool verified = true;
};

/// What a mode of training gains over another, on both sides.
struct ModeGain {
  std::string figure{};        ///< `train.resnet50.*.images_per_second.d1`
  std::string mode{}, over{};  ///< `amp-fp16` over `tf32`
  std::string by{};            ///< source or implementation
  std::optional<double> a{}, b{};
  std::optional<double> ratio{};             ///< b / a: how much more B gains
  std::optional<double> peak_a{}, peak_b{};  ///< the ratio of the dense peaks, the most that could be gained
};

struct SideSummary {
  std::string label{}, title{}, short_title{};
  bool published = false;
  int files = 0, devices = 0;
  std::string reference{};  ///< id of the GPU's reference; empty: none
  bool reference_sure = true;
  std::string reference_remark{};
};

/// Speeds of one kind of problem, over all rows that are compared.
struct KindSummary {
  std::string kind{};  ///< `train`, `gemm`
  int rows = 0;
  double middle = 0;  ///< geometric mean of times_as_fast; the median where figures are published
  double least = 0, most = 0;
};

struct Comparison {
  SideSummary a{}, b{};
  std::vector<KindSummary> summary{};  ///< the first is over all kinds
  std::vector<SheetRow> datasheet{};
  std::vector<ComparedRow> rows{};
  std::vector<ModeGain> gains{};
  std::vector<OneSided> only_a{}, only_b{};
  std::vector<EnvironmentDifference> environment{};
  std::vector<std::string> remarks{};
  std::vector<std::string> broken{};  ///< files that were skipped

  int compared() const;  ///< rows with a ratio
  /// Two references without a pair still have datasheets.
  bool only_on_paper() const { return compared() == 0 && a.published && b.published && !datasheet.empty(); }
};

Comparison compare(const Side& a, const Side& b);

/// What modes gain over fp32 and tf32 in each side's own figures: within one source, or by one implementation. Against
/// a run the gains of all sources go together, and those of models that the run does not train are left out.
std::vector<ModeGain> mode_gains(const Side& a, const Side& b);

}  // namespace gpubench
