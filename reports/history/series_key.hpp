#pragma once

#include "harness/run.hpp"
#include "reports/verdict/series.hpp"

namespace gpubench {

/// Which series a row belongs to: its case and method, and where it was measured under which limits. A GPU is its UUID
/// wherever it is plugged in on its node; a CPU is `cpu`.
SeriesKey series_key(const Context& context, const CaseResult& row);

/// What may have moved the level of a row without cutting its series: driver, CUDA, libraries, VBIOS, the library's
/// plan
/// (`plan …`), build of the program, operating system, set variables. What was not told is left out.
Conditions conditions_of(const Context& context, const CaseResult& row);

/// What cuts a series when it changes, in words: `power cap 700 W → 650 W, MIG whole → 1g.10gb`; empty when nothing
/// did. Case, node and device are not compared.
std::string what_cut(const SeriesKey& before, const SeriesKey& now);

/// What differs between two sets of conditions, likely culprits first: `driver 570.86.15 → 580.65.06`.
std::vector<std::string> changes(const Conditions& before, const Conditions& now);

}  // namespace gpubench
