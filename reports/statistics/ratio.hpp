#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/measure/statistics.hpp"

namespace gpubench {

// The ratio of two sides from what was measured on each, and how sure it is. Everything is done on logarithms, so that
// times and rates give the same answer. The unit is the launch (a fresh process) or the GPU, never the sample: samples
// of one process share its clocks, its memory placement and its autotuning, so that intervals from them cover the truth
// in a few of a hundred cases only.

/// Fewer units a side than this give no interval.
inline constexpr int least_launches = 3, least_devices = 4;

/// One launch's value of a case on one device. Numbers of devices and launches only say which are the same.
struct Measured {
  double value = 0;
  int device = 0;
  int launch = 0;
};

/// The mean of logarithms, the variance of that mean, and its degrees of freedom.
struct LogMean {
  double mean = 0, variance = 0;
  int freedom = 0;
};
/// Independent values, one a unit. @pre at least two, all above 0
LogMean log_mean(std::span<const double> values);
/// Launches of these boards: how far launches lie apart on the same devices; how far devices lie apart does not enter.
/// Launches that ran on the same devices form a group with a mean of its own. @pre not empty, all above 0
LogMean log_mean_over_launches(std::span<const Measured> values);
/// One value a device, the mean of its launches. @pre at least two devices, all above 0
LogMean log_mean_over_devices(std::span<const Measured> values);

/// How often an interval covers the truth.
enum class Confidence : std::uint8_t { percent_95, percent_99 };

/// Interval of exp(b.mean - a.mean): Welch's t with the degrees of freedom of Welch and Satterthwaite, rounded down.
/// None where a side has no degree of freedom.
std::optional<Interval> ratio_interval(const LogMean& a,
                                       const LogMean& b,
                                       Confidence confidence = Confidence::percent_95);

struct SideRatio {
  double a = 0, b = 0;  ///< medians: of the devices' medians over their launches
  double ratio = 0;     ///< b / a
  std::optional<Interval> interval{};
  enum class Over { none, launches, devices };
  Over over = Over::none;
  std::string why_none{};  ///< why there is no interval; empty where there is one
  int n_a = 0, n_b = 0;    ///< units: devices or launches
};
/// Over devices where both sides have `least_devices` (what holds for other boards of the two kinds), else over
/// launches where both have `least_launches` (what holds for these boards at that time), else none. @pre both not
/// empty, all above 0
SideRatio ratio_of_sides(std::span<const Measured> a, std::span<const Measured> b);

/// Geometric mean. @pre not empty, all above 0
double geometric_mean(std::span<const double> values);

}  // namespace gpubench
