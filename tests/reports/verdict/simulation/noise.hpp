#pragma once

#include <array>
#include <string_view>

namespace gpubench::simulation {

// The noise of a node that trains, in percent of log time, from what is published of such nodes (reports/verdict/
// README.md): samples within a launch, launches, boots, nights, the node's clock, modes that last from one boot to the
// next, and neighbours.

struct CaseClass {
  std::string_view name{};
  std::string_view prefix{};  ///< of its cases' names: says who is compute-bound
  double share = 0;           ///< of a suite's cases
  double sample = 0, correlation = 0;
  double launch = 0, boot = 0, night = 0;
  double clock_slope = 0;  ///< how much of the node's clock it follows
  double mode_probability = 0, mode_percent = 0;
};
inline constexpr std::array<CaseClass, 7> case_classes = {{
    {"gemm", "gemm/", .22, .25, .5, .10, .08, .06, 1.0, 0, 0},
    {"membw", "memory/", .13, .15, .4, .15, .10, .05, .1, 0, 0},
    {"train1", "train/one/", .22, .60, .6, .22, .12, .10, .8, 0, 0},
    {"train8", "train/eight/", .15, 1.0, .5, .30, .18, .15, .6, 0, 0},
    {"nccl", "allreduce/", .10, 1.5, .7, .35, .25, .20, .1, .15, 3},
    {"autotune", "conv/", .10, .60, .6, .25, .15, .10, .7, .12, 2},
    {"launch", "launch/", .08, 2.0, .3, .60, .40, .30, .2, .05, 4},
}};

/// What is simulated; the defaults are the default nightly plan.
struct Setting {
  int cases = 16, launches = 2, steps = 30;  ///< steps of 0.1 s that a launch samples of a case
  double shared = 0;  ///< share of the launches' variance that all cases of a launch have in common
  bool pinned = true;
  double reserve_seconds = 400, start_seconds = 4, warm_up_seconds = 3;
  // The world.
  double scale = 1;  ///< of all noise
  double boots_a_night = 0.1;
  double boot_scale = 1, mode_scale = 1;
  double sessions_a_night = 0.02, session_stays = 0.3;
  double season_percent = 0.4;
  double outliers = 0.004;
  double session_trend = 0.6, trend_seconds = 400;  ///< at most, over so long a confirmation
  double season_phase = -1;                         ///< nodes of one room share it; below 0 every node draws its own
  double lot = -1;  ///< in 0 ... 1: which classes the last cases are of; below 0 every node draws its own

  double seconds_of_case() const { return warm_up_seconds + 0.1 * steps; }
};

}  // namespace gpubench::simulation
