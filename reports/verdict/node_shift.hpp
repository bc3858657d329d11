#pragma once

#include <span>
#include <string>
#include <vector>

#include "reports/verdict/rules.hpp"
#include "reports/verdict/screen.hpp"
#include "reports/verdict/series.hpp"

namespace gpubench {

// The same code against its own past: is it the node that is slower?

/// The pinned build's launches of one case and device, stored when it was pinned.
struct PinnedLaunches {
  std::vector<double> launches{};  ///< log-percent; empty: there are none
  Conditions conditions{};
};

/// Tonight's launches of a confirmation against what the same code did before.
struct NodeShift {
  bool known = false;
  bool slower = false;  ///< z > 2.5 and percent > 0.75
  double percent = 0, z = 0;
};

/// The pinned build A tonight against its stored launches: medians, apart by nights of their own each, so in units of
/// sqrt(2) s. What was put down to the node as a whole tonight is the suite's affair and left out.
NodeShift pinned_shift(std::span<const double> tonight,
                       const PinnedLaunches& pinned,
                       const Screened& screened,
                       const Rules& rules = default_rules);

/// Tonight's build B in the confirmation's launches against the window. Its launches are taken together by so many as a
/// night has, and valued as nights are: a lower quartile of twelve lies elsewhere than one of two.
NodeShift own_shift(std::span<const double> tonight,
                    int launches_of_night,
                    const Screened& screened,
                    const Rules& rules = default_rules);

/// How many launches of the confirmation were nearly as fast as was to be expected: above it by no more than
/// `fast_share` of `percent`. A node that is broken has none; one that is in a slow mode more often than before has
/// some.
int fast_launches(std::span<const double> tonight,
                  double percent,
                  const Screened& screened,
                  const Rules& rules = default_rules);

/// How many of the last weeks' launches, on nights nobody suspects any more, were as slow as the median of these. From
/// `seen_before` on this is a state the node goes into and comes out of: a mode that lasts from one boot to the next.
int launches_as_slow(std::span<const double> tonight,
                     const Series& series,
                     int level,
                     const Rules& rules = default_rules);

/// `driver 580.65 -> 580.82, VBIOS 96.00 -> 96.01`; empty where all are the same. What one side does not tell is not
/// compared.
std::string changed_conditions(const Conditions& before, const Conditions& now);

}  // namespace gpubench
