#include "reports/history/fleet_values.hpp"

#include <algorithm>
#include <utility>

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

/// What a member says of its cases, by member and index of the case.
using Launches = std::map<std::string, std::map<std::size_t, std::vector<double>>>;

/// Which run was the first that had a value of a member's case.
using FirstRuns = std::map<std::pair<std::string, std::size_t>, std::size_t>;

/// Where it stands and under which limits: under others it is judged against nobody's past.
std::string member_of(const SeriesKey& key) {
  std::string member = fmt::format("{} {}", key.node, key.device);
  for (const std::string& limit : {key.sku, key.mig, limits_of(key)})
    if (!limit.empty()) member += ", " + limit;
  return member;
}

class Gatherer {
 public:
  explicit Gatherer(const Archive& archive) : archive_(archive) {
    std::map<std::pair<std::string, int>, std::size_t> numbers;  // sorted by name
    for (const KeptSeries& series : archive.series) numbers.try_emplace(case_of(series.key), 0);
    for (auto& [one, number] : numbers) {
      number = values_.cases.size();
      values_.cases.push_back(one.first);
      values_.groups.push_back(subsystem_of(one.first));
    }
    for (const KeptSeries& series : archive.series) {
      case_.push_back(numbers.at(case_of(series.key)));
      member_.push_back(member_of(series.key));
    }
  }

  FleetValues gather() && {
    const std::vector<Night> nights = nights_of(archive_);
    for (const auto& together : fleet_nights(archive_, nights)) {
      Launches first, again;
      FirstRuns first_runs;
      FleetPresence& present = values_.present.emplace_back();
      for (const std::size_t night : together) read(nights[night], present, first_runs, first, again);
      const std::string& name = nights[together.front()].name;
      values_.nights.push_back(fleet_night(name, first));
      values_.again.push_back(again.empty() ? std::nullopt : std::optional(fleet_night(name, again)));
    }
    return std::move(values_);
  }

 private:
  static std::pair<std::string, int> case_of(const SeriesKey& key) { return {key.case_name, key.method}; }

  void read(const Night& night, FleetPresence& present, FirstRuns& first_runs, Launches& first, Launches& again) {
    for (const std::size_t run : night.runs) {
      present.runs_of_node[night.node].push_back(archive_.runs[run].identity);
      for (const KeptLaunch& launch : archive_.runs[run].launches) {
        const KeptSeries& series = archive_.series[launch.series];
        const std::string& member = member_[launch.series];
        const std::size_t number = case_[launch.series];
        present.members.insert(member);
        describe(values_.members[member], series.key, launch.device);
        if (!launch.value) continue;
        const bool is_first = first_runs.try_emplace({member, number}, run).first->second == run;
        (is_first ? first : again)[member][number].push_back(log_percent_of(series, *launch.value));
      }
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

std::size_t last_fleet_night(const FleetValues& values) {
  constexpr std::size_t enough = least_fleet_peers + 1;
  for (std::size_t night = values.nights.size(); night > 0; --night)
    if (values.present[night - 1].members.size() >= enough) return night - 1;
  return values.nights.size() - 1;
}

}  // namespace gpubench
