#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace gpubench {

// Verdicts are made on logarithms: a time and a rate give the same answer, and percent add up.

/// 100 ln(seconds): one more is one percent slower. @pre above 0
double log_percent(double seconds);
/// Of a rate, so that slower is larger here too: -100 ln(rate). @pre above 0
double log_percent_of_rate(double rate);

/// The value of a night: lower quartile (type 7) of its launches, so that a slow mode of a few launches does not make
/// it. Of one launch it is the launch. @pre not empty
double night_value(std::span<const double> launches);

/// Reorders its argument: the window's arithmetic is done for every case of every night. @pre not empty
double median_in_place(std::span<double> values);

/// Median of sorted values without the one at `left_out`; left_out == size(): of all. @pre one is left at least
double median_without(std::span<const double> sorted, std::size_t left_out);

/// 1.4826 times the median distance from `middle`: of normal values their standard deviation. @pre not empty
double deviation_around(std::span<const double> values, double middle, std::vector<double>& scratch);

/// Root mean square of values clipped at -+limit; 0 for none.
double clipped_rms(std::span<const double> values, double limit);

}  // namespace gpubench
