#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string>

#include <fmt/format.h>

#include "tests/reports/verdict/simulation/figures.hpp"

/// gpubench_simulate_verdicts [--quick] [--seed N]: prints a line for each figure, ends with 1 if one is missed.
int main(int argc, char** argv) {
  using namespace gpubench::simulation;
  Extent extent;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--quick") == 0) {
      extent.quick = true;
    } else if (std::strcmp(argv[i], "--seed") == 0 && i + 1 < argc) {
      extent.seed = std::strtoull(argv[++i], nullptr, 10);
    } else {
      fmt::print(stderr, "{}: not known; usage: simulate_verdicts [--quick] [--seed N]\n", argv[i]);
      return 2;
    }
  }
  const auto start = std::chrono::steady_clock::now();
  Report report;
  quiet_nights(extent, report);
  steps(extent, report);
  pairs(extent, report);
  ramps(extent, report);
  fleets(extent, report);
  ratios(extent, report);
  detectable(extent, report);
  stopping(extent, report);
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
  fmt::print(
      "seed {}, {:.0f} s: {}\n",
      extent.seed,
      spent.count(),
      report.all_pass() ? "every figure is what is demanded" : fmt::format("{} figures missed", report.missed()));
  return report.all_pass() ? 0 : 1;
}
