#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "reports/history/fleet_values.hpp"
#include "reports/json.hpp"
#include "reports/verdict/fleet.hpp"

namespace gpubench {

/// A night of a fleet, judged (`gpubench fleet`).
struct FleetReport {
  std::string night{};
  FleetVerdict verdict{};
  std::vector<FleetMember> found{};              ///< whom each finding of the verdict is of
  std::map<std::string, FleetMember> members{};  ///< by the names in the verdict's re-tests
  std::size_t nodes = 0, devices = 0;            ///< that measured that night
  std::vector<FleetMember> gone{};               ///< GPUs of the nights before that their node has no more
  std::vector<std::string> gone_why{};           ///< of each
  std::vector<FleetMember> without{};            ///< all their cases failed, or there is no row of a GPU that is there
  std::vector<std::string> silent{};             ///< nodes that measured on the nights before only
  std::vector<std::string> broken{};             ///< files that were skipped, a sentence each

  /// DESIGN 4: 1 degraded or gone; 2 a broken file; 3 to be measured again, silent, without a value, or nobody has
  /// peers; else 0.
  int exit_status() const;
};

/// Context of a run by its identity; it is asked for where a device that was there has no row.
using ContextOf = std::function<Context(const std::string& identity)>;

/// Who is gone or silent is told against the last `Rules::fleet_nights` nights together, so that a run of one node in
/// between hides nobody.
/// @param night the one to judge, in `values` @pre there is one
FleetReport judge_fleet_night(const FleetValues& values, std::size_t night, const ContextOf& context_of);

/// The one line to read, a line a finding, whom to measure again.
std::string fleet_text(const FleetReport& report, std::size_t width);
Json to_json(const FleetReport& report);

}  // namespace gpubench
