#pragma once

#include <cstddef>
#include <string>

#include "reports/history/archive.hpp"

namespace gpubench {

/// A line a series: nights, its usual value, the last one, the spread of its nights. Then how many series have no
/// value.
std::string history_list_text(const Archive& archive, std::size_t width);

/// A table a series, a line a night: value, launches, how it stands, what changed since the night before.
std::string history_show_text(const Archive& archive, std::size_t width);

/// `612.3 TFLOP/s`, in the unit that the figure is told in
std::string value_text(const KeptSeries& series, double value);
/// `2026-11-20` of `20261120T193000Z`
std::string day_of(const std::string& night);
/// `GPU-1a2b3c4d` of a longer UUID: enough to tell the GPUs of a fleet apart
std::string short_device(const std::string& device);

}  // namespace gpubench
