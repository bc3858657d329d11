#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "reports/verdict/confirm_session.hpp"
#include "reports/verdict/decide.hpp"
#include "reports/verdict/executor.hpp"
#include "reports/verdict/rules.hpp"
#include "reports/verdict/screen.hpp"
#include "reports/verdict/series.hpp"

namespace gpubench {

// A night of one node, from its launches to its verdicts: screen, confirmation of the suspects within a reserve of
// time, verdicts, and how the night is to be stored.

/// @pre the vectors that are not empty are as long as `history`
struct NightInput {
  std::span<const Series> history{};  ///< one a case and device, without tonight
  std::span<const SeriesNight> tonight{};
  std::span<const PinnedLaunches> pinned{};   ///< of arm A; empty: none stored
  std::span<const Peers> peers{};             ///< empty: this node is alone
  std::span<const double> seconds_of_case{};  ///< in a launch; empty: 6 s each
  ConfirmSession::Limits limits{};
  std::uint64_t seed = 1;
};

struct NightVerdict {
  std::vector<Decision> cases{};  ///< in the order of the series
  std::vector<Screened> screened{};
  std::vector<Paired> paired{};     ///< pairs == 0: none
  std::optional<Decision> suite{};  ///< all compute-bound cases together, where they moved together
  SuiteScreened suite_screened{};
  std::vector<std::string> notes{};  ///< first lines: no pinned build, an arm that cannot run, no common mode
  bool arm_failed = false;           ///< a pinned build or tonight's cannot run: exit 2 where nothing says 1
  double confirmation_seconds = 0;
  int suspects_beyond_reserve = 0;  ///< suspects that were not reached
};

/// @param executor null: nothing is confirmed, a suspect is `undecided` (run files that are already there)
NightVerdict judge_night(const NightInput& input, Executor* executor, const Rules& rules = default_rules);

/// The node's verdict: the most serious of its cases and its suite.
Verdict node_verdict(const NightVerdict& night);

}  // namespace gpubench
