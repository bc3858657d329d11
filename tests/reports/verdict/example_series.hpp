#pragma once

#include <string>
#include <vector>

#include "reports/verdict/series.hpp"

namespace gpubench {

/// `n0007`: sorts by time.
std::string night_number(int number);

/// A night of one launch, or of several.
SeriesNight night_of(int number, std::vector<double> launches);

/// A series of accepted nights 0, 1, ... with one launch each.
Series series_of(const std::string& case_name, const std::vector<double>& nights, const std::string& device = "gpu0");

/// level + size, level - size, level + size, ...
std::vector<double> alternating(int nights, double level, double size);

}  // namespace gpubench
