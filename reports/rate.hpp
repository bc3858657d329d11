#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/case_summary.hpp"

namespace gpubench {

/// How much a case does in a second: the one of its figures that is a rate.
struct Rate {
  double per_second = 0;
  std::string unit{};  ///< `TFLOP/s`, `TOP/s`, `GB/s`
  double one = 1;      ///< per second, in that unit
  std::optional<double> of_ceiling{};
};
/// None where it has no time or no such figure.
std::optional<Rate> rate_of(const CaseSummary& one);
/// `0.3228`
std::string number_text(const Rate& rate);
/// `67 %`; empty where the ceiling was not measured
std::string share_text(const Rate& rate);

/// What the shares are of, a line for each precision, and one for memory: `fp32: 0.4420 TFLOP/s by AVX-512 FP32
/// multiply-adds, 2 threads`. The median where it was measured several times.
std::vector<std::string> ceiling_lines(const std::vector<Group>& groups);

/// Cases without a time, those that share precision and reason in one line: `tf32: unsupported: this CPU has no TF32 (3
/// cases)`. One alone is named.
std::vector<std::string> lines_without_time(const Group& group);

/// What launches said beside their times; what more than two cases say (`contended: ...`) in one line, the worst told.
std::vector<std::string> summed_remarks(const Group& group);

}  // namespace gpubench
