#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "reports/verdict/common_mode.hpp"
#include "reports/verdict/rules.hpp"
#include "reports/verdict/series.hpp"

namespace gpubench {

// The screen: is tonight's value of a case out of its own past? It only suspects; most of what it finds is a reboot, a
// mode of a library or a neighbour, and no threshold on a history tells those from code. Percent are log-percent,
// slower is larger.

/// What a case says tonight against its window. Where `answer` is no_history only `nights` and `value` are told.
struct Screened {
  enum class Answer : std::uint8_t { no_history, quiet, suspect, faster };
  enum class Why : std::uint8_t { none, step, ramp, drift };
  Answer answer = Answer::no_history;
  Why why = Why::none;    ///< of a suspect
  int nights = 0;         ///< of the window
  double value = 0;       ///< of tonight
  double level = 0;       ///< what was to be expected tonight: the window's median, and what the node as a whole did
  double percent = 0;     ///< d: tonight above the level, common mode taken out
  double z = 0;           ///< d in units of what a night's difference from this level is by chance
  double spread = 0;      ///< s: one night's standard deviation
  double detectable = 0;  ///< MDE: a step that is suspected on the first night 9 times of 10
  double common = 0;      ///< what of tonight was put down to the node as a whole
  double cusum = 0, drift = 0;
  std::string why_not{};  ///< of no_history: `3 nights, 8 are needed`
};

/// The node as a whole, from the common mode of its sentinels.
struct SuiteScreened {
  bool known = false;
  std::string why_not{};  ///< why there is no common mode, a sentence's part
  double percent = 0, z = 0, spread = 0, detectable = 0;
  bool suspect = false;
  bool faster = false;
};

struct Screening {
  std::vector<Screened> cases{};  ///< in the order of the series
  SuiteScreened suite{};
};

/// @param history one series a case and device of ONE node, without tonight
/// @param tonight its night, in the same order; no launches: the case has no value tonight, and is told as no_history
/// @pre equal sizes
Screening screen_night(std::span<const Series> history,
                       std::span<const SeriesNight> tonight,
                       const Rules& rules = default_rules);

/// sqrt(1 + pi / 2n): a night's distance from the median of n others has this many times a night's own deviation.
double level_factor(double nights);

}  // namespace gpubench
