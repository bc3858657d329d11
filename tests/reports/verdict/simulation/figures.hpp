#pragma once

#include "tests/reports/verdict/simulation/report.hpp"

namespace gpubench::simulation {

/// F1, F6, F9 and the promise of a node-night: nothing happens but what always happens.
void quiet_nights(const Extent& extent, Report& report);
/// F2 to F5: a build that is slower in one case from one night on.
void steps(const Extent& extent, Report& report);
/// F7: pairs of launches under a trend within the session.
void pairs(const Extent& extent, Report& report);
/// F8: a build that gets slower every night.
void ramps(const Extent& extent, Report& report);
/// F10: nodes against their peers.
void fleets(const Extent& extent, Report& report);
/// F11: the ratio of two models of GPU.
void ratios(const Extent& extent, Report& report);
/// F12: is a step of the printed detectable change suspected as often as is said.
void detectable(const Extent& extent, Report& report);
/// F13: the stopping rule of a launch.
void stopping(const Extent& extent, Report& report);

}  // namespace gpubench::simulation
