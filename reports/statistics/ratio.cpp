#include "reports/statistics/ratio.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "harness/measure/interval.hpp"

namespace gpubench {
namespace {

double mean(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double squares_around(std::span<const double> values, double middle) {
  double sum = 0;
  for (const double value : values) sum += (value - middle) * (value - middle);
  return sum;
}

std::map<int, std::vector<double>> values_by_device(std::span<const Measured> values) {
  std::map<int, std::vector<double>> by_device;
  for (const Measured& one : values) by_device[one.device].push_back(one.value);
  return by_device;
}

std::vector<double> logs(std::span<const double> values) {
  std::vector<double> logarithms;
  for (const double value : values) logarithms.push_back(std::log(value));
  return logarithms;
}

double typical(const std::map<int, std::vector<double>>& by_device) {
  std::vector<double> medians;
  for (const auto& [device, values] : by_device) medians.push_back(median(values));
  return median(medians);
}

std::size_t launches_of(std::span<const Measured> values) {
  std::set<int> launches;
  for (const Measured& one : values) launches.insert(one.launch);
  return launches.size();
}

std::string side_text(std::size_t launches, std::size_t devices) {
  return fmt::format("{} launch{}, {} device{}", launches, launches == 1 ? "" : "es", devices, devices == 1 ? "" : "s");
}

}  // namespace

LogMean log_mean(std::span<const double> values) {
  const auto logarithms = logs(values);
  const double middle = mean(logarithms);
  const auto n = static_cast<double>(values.size());
  return {.mean = middle,
          .variance = squares_around(logarithms, middle) / (n - 1) / n,
          .freedom = static_cast<int>(values.size()) - 1};
}

LogMean log_mean_over_launches(std::span<const Measured> values) {
  struct Launch {
    std::set<int> devices{};
    std::vector<double> logarithms{};
  };
  std::map<int, Launch> launches;
  for (const Measured& one : values) {
    launches[one.launch].devices.insert(one.device);
    launches[one.launch].logarithms.push_back(std::log(one.value));
  }
  std::map<std::set<int>, std::vector<double>> groups;  // what several devices say in one launch is one value
  double devices = 0, squares = 0;
  for (const auto& [number, launch] : launches) groups[launch.devices].push_back(mean(launch.logarithms));
  for (const auto& [members, means] : groups) devices += static_cast<double>(members.size());

  LogMean all;
  double share_of_variance = 0;
  for (const auto& [members, means] : groups) {
    const double weight = static_cast<double>(members.size()) / devices, middle = mean(means);
    all.mean += weight * middle;
    all.freedom += static_cast<int>(means.size()) - 1;
    squares += squares_around(means, middle);
    share_of_variance += weight * weight / static_cast<double>(means.size());
  }
  if (all.freedom > 0) all.variance = squares / all.freedom * share_of_variance;
  return all;
}

LogMean log_mean_over_devices(std::span<const Measured> values) {
  std::vector<double> typical_of_each;
  for (const auto& [device, launches] : values_by_device(values))
    typical_of_each.push_back(std::exp(mean(logs(launches))));
  return log_mean(typical_of_each);
}

std::optional<Interval> ratio_interval(const LogMean& a, const LogMean& b, Confidence confidence) {
  if (a.freedom < 1 || b.freedom < 1) return std::nullopt;
  const double variance = a.variance + b.variance;
  const double spent = a.variance * a.variance / a.freedom + b.variance * b.variance / b.freedom;
  const double freedom = spent > 0 ? variance * variance / spent : a.freedom + b.freedom;
  const int whole = std::max(1, static_cast<int>(freedom));
  const double t = confidence == Confidence::percent_99 ? student_t_995(whole) : student_t_975(whole);
  const double half = t * std::sqrt(variance);
  return Interval{.low = std::exp(b.mean - a.mean - half), .high = std::exp(b.mean - a.mean + half)};
}

SideRatio ratio_of_sides(std::span<const Measured> a, std::span<const Measured> b) {
  const auto devices_a = values_by_device(a), devices_b = values_by_device(b);
  SideRatio told{.a = typical(devices_a), .b = typical(devices_b)};
  told.ratio = told.b / told.a;
  const std::size_t launches_a = launches_of(a), launches_b = launches_of(b);
  if (std::min(devices_a.size(), devices_b.size()) >= least_devices) {
    told.over = SideRatio::Over::devices;
    told.n_a = static_cast<int>(devices_a.size()), told.n_b = static_cast<int>(devices_b.size());
    told.interval = ratio_interval(log_mean_over_devices(a), log_mean_over_devices(b));
    return told;
  }
  told.n_a = static_cast<int>(launches_a), told.n_b = static_cast<int>(launches_b);
  const LogMean over_a = log_mean_over_launches(a), over_b = log_mean_over_launches(b);
  if (std::min(over_a.freedom, over_b.freedom) + 1 < least_launches) {
    told.why_none = fmt::format("A has {}, B has {}; an interval needs {} launches or {} devices a side",
                                side_text(launches_a, devices_a.size()),
                                side_text(launches_b, devices_b.size()),
                                least_launches,
                                least_devices);
    return told;
  }
  told.over = SideRatio::Over::launches;
  told.interval = ratio_interval(over_a, over_b);
  return told;
}

double geometric_mean(std::span<const double> values) { return std::exp(mean(logs(values))); }

}  // namespace gpubench
