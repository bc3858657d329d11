#include "reports/history/fleet_values.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/measure/statistics.hpp"
#include "reports/history/nights.hpp"
#include "reports/history/subsystem.hpp"

namespace gpubench {
namespace {

std::string limits_of(const SeriesKey& key) {
  std::vector<std::string> limits;
  for (const std::string& limit : {key.power_cap, key.clock_policy})
    if (!limit.empty() && limit != "as found") limits.push_back(limit);
  return fmt::format("{}", fmt::join(limits, ", "));
}

/// Nights of nodes, put together by time. @returns indices into `nights`
std::vector<std::vector<std::size_t>> fleet_nights(const Archive& archive, const std::vector<Night>& nights) {
  std::vector<std::size_t> order(nights.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return nights[i].name; });
  std::vector<std::vector<std::size_t>> together;
  long first = 0;
  for (const std::size_t i : order) {
    const long start = seconds_of(archive.runs[nights[i].runs.front()].start);
    if (together.empty() || start - first >= night_seconds) {
      together.emplace_back();
      first = start;
    }
    together.back().push_back(i);
  }
  return together;
}

/// What a member says of its cases, by index of member and case.
using Launches = std::map<std::string, std::map<std::size_t, std::vector<double>>>;

class Gatherer {
 public:
  explicit Gatherer(const Archive& archive) : archive_(archive) {
    std::map<std::string, std::size_t> numbers;  // sorted by name
    for (const KeptSeries& series : archive.series) numbers.try_emplace(series.key.case_name, 0);
    for (auto& [name, number] : numbers) {
      number = values_.cases.size();
      values_.cases.push_back(name);
      values_.groups.push_back(subsystem_of(name));
    }
    for (const KeptSeries& series : archive.series) {
      case_.push_back(numbers.at(series.key.case_name));
      member_.push_back(fmt::format("{} {}", series.key.node, series.key.device));
    }
  }

  FleetValues gather() && {
    const std::vector<Night> nights = nights_of(archive_);
    for (const auto& together : fleet_nights(archive_, nights)) {
      Launches first, again;
      for (const std::size_t night : together) read(nights[night], first, again);
      const std::string& name = nights[together.front()].name;
      values_.nights.push_back(fleet_night(name, first));
      values_.again.push_back(again.empty() ? std::nullopt : std::optional(fleet_night(name, again)));
    }
    return std::move(values_);
  }

 private:
  void read(const Night& night, Launches& first, Launches& again) {
    for (const std::size_t run : night.runs)
      for (const KeptLaunch& launch : archive_.runs[run].launches) {
        if (!launch.value) continue;
        const KeptSeries& series = archive_.series[launch.series];
        const std::string& member = member_[launch.series];
        describe(values_.members[member], series.key, launch.device);
        (run == night.runs.front() ? first : again)[member][case_[launch.series]].push_back(
            log_percent_of(series, *launch.value));
      }
  }

  static void describe(FleetMember& member, const SeriesKey& key, const std::string& called) {
    member = {.node = key.node,
              .device = key.device,
              .called = called,
              .sku = key.mig.empty() ? key.sku : fmt::format("{} {}", key.sku, key.mig),
              .limits = limits_of(key)};
  }

  FleetNight fleet_night(const std::string& name, const Launches& launches) const {
    FleetNight night{.night = name};
    for (const auto& [member, of_cases] : launches) {
      FleetNode node{.node = member, .sku = values_.members.at(member).sku};
      node.values.resize(values_.cases.size());
      for (const auto& [index, values] : of_cases) node.values[index] = median(values);
      night.nodes.push_back(std::move(node));
    }
    return night;
  }

  const Archive& archive_;
  std::vector<std::size_t> case_;    ///< by series
  std::vector<std::string> member_;  ///< by series
  FleetValues values_;
};

}  // namespace

FleetValues fleet_values(const Archive& archive) { return Gatherer(archive).gather(); }

}  // namespace gpubench
