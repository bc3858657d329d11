#pragma once

#include <optional>
#include <span>

#include "harness/measure/statistics.hpp"

namespace gpubench {

// What several launches say together: the launch is the unit of statistics, its value the median of its samples.

/// Student's t at 97.5 % for `freedom` degrees of freedom, 1 or more: 95 % of the mass lies within +-t.
double student_t_975(int freedom);
/// The same at 99.5 %: 99 % of the mass lies within +-t.
double student_t_995(int freedom);

/// 95 % interval of the typical launch: Student t on the logarithms, so that it is the same for times and rates. It is
/// over launches of this machine at this time, nothing else. None below three launches, or when a value is not above 0.
std::optional<Interval> interval_over_launches(std::span<const double> medians);

/// 95 % interval of numerator / denominator, paired: element i of both is from launch i. None below three launches.
/// @pre both have the same size
std::optional<Interval> ratio_interval_over_launches(std::span<const double> numerators,
                                                     std::span<const double> denominators);

}  // namespace gpubench
