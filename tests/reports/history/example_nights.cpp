#include "tests/reports/history/example_nights.hpp"

#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "reports/history/archive.hpp"
#include "reports/run_file.hpp"

namespace gpubench::example {

std::string start_of_night(int day, double hours) {
  const std::time_t time = seconds_of("2026-11-01T02:00:00Z") + day * 86400L + static_cast<long>(hours * 3600);
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(time));
}

Run night_run(int day, const Node& node, const std::vector<Told>& cases, double slower) {
  std::vector<Told> tonight = cases;
  // Made up, but not equal: a seventh of a percent up and down, each case with another pace.
  for (std::size_t i = 0; i < tonight.size(); ++i)
    tonight[i].value *= (1 + 0.0002 * ((day * 5 + static_cast<int>(i) * 3) % 7 - 3)) / slower;
  Run run = run_of(node, tonight);
  run.context.start = start_of_night(day);
  run.context.end = start_of_night(day, 0.2);
  run.context.seed = static_cast<std::uint64_t>(day) + 1;
  return run;
}

Run night_run(int day, double slower, int launches) {
  return night_run(day, h100_node(2, launches), {gemm(600), triad(3000)}, slower);
}

void write_nights(const std::filesystem::path& folder, int nights, int launches) {
  std::filesystem::create_directories(folder);
  for (int day = 0; day < nights; ++day)
    write_run(night_run(day, 1, launches), folder / fmt::format("night{:02}.json", day));
}

}  // namespace gpubench::example
