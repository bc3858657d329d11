#pragma once

#include <optional>
#include <string>

#include "reports/compare/side.hpp"

namespace gpubench {

/// The most that one device of a side can do for a case, and where that is known from.
struct Limits {
  std::optional<double> peak{};       ///< dense, of the case's precision: TFLOP/s, or TOP/s for int8
  std::optional<double> bandwidth{};  ///< of its memory: GB/s
  std::optional<double> watts{};      ///< measured over the case's windows, else the TDP
  std::string peak_from{};            ///< `datasheet`, `measured ceiling`
  bool watts_measured = false;
  double devices = 1;  ///< that a published total is of
};
Limits limits_of(const Side& side, const SideCase& one);

/// The datasheet's figure for a precision or mode: amp-bf16 multiplies in bf16. Empty where there is none.
std::string peak_figure(const std::string& precision);

/// One side's value divided by what it could have, and how both sides compare then.
struct Normalised {
  double a = 0, b = 0, ratio = 0;
  std::string unit{};  ///< `share`, or `images/s per TFLOP/s`
  std::string
      from{};  ///< what was divided by: `datasheet`, `measured power`, `TDP`; `A: ..., B: ...` where they differ
};
struct NormalisedBy {
  std::optional<Normalised> peak{}, bandwidth{}, watt{};
};
/// Rates only; each is none where one side does not know its limit. @param a, b medians in the cases' unit
NormalisedBy normalised(
    const Side& side_a, const SideCase& case_a, double a, const Side& side_b, const SideCase& case_b, double b);

/// What keeps a case from being faster on this side: `compute`, `memory`, `power cap`, `launch`, `links`; empty where
/// nobody can tell. @param value median in the case's unit
std::string limiter_of(const Side& side, const SideCase& one, double value);

}  // namespace gpubench
