#include "tests/reports/verdict/example_series.hpp"

#include <fmt/format.h>

namespace gpubench {

std::string night_number(int number) { return fmt::format("n{:04}", number); }

SeriesNight night_of(int number, std::vector<double> launches) {
  return {.night = night_number(number), .launches = std::move(launches)};
}

Series series_of(const std::string& case_name, const std::vector<double>& nights, const std::string& device) {
  Series series{.key = {.case_name = case_name, .node = "node7", .device = device}};
  for (const double value : nights) series.past.push_back(night_of(static_cast<int>(series.past.size()), {value}));
  return series;
}

std::vector<double> alternating(int nights, double level, double size) {
  std::vector<double> values;
  for (int night = 0; night < nights; ++night) values.push_back(level + (night % 2 == 0 ? size : -size));
  return values;
}

}  // namespace gpubench
