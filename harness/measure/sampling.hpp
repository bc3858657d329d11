#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "harness/device.hpp"
#include "harness/kernel.hpp"
#include "harness/result.hpp"

namespace gpubench {

/// How long to measure. Runs of `long_run` seconds and more: one warm-up run, at least `min_samples`, and further ones
/// while they disagree by more than `long_half_width`, up to `max_long_samples` or the budget. Shorter ones follow the
/// rule of DESIGN 6: batches of `batch_seconds`, settled block by block, until the median's 95 % interval is narrow
/// enough; a small budget makes batches shorter and blocks smaller, down to `min_samples`.
struct Sampling {
  double budget_seconds = 60;  ///< for this case; the minimum wins over it
  int min_samples = 6;
  double long_run = 0.1;
  double long_half_width = 0.05;  ///< relative
  int max_long_samples = 10;
  double batch_seconds = 0.02;
  double settle_min_seconds = 3, settle_max_seconds = 10;
  double condition_seconds = 1;  ///< between two looks at clock and power; below 1 only at the clock
  double steady_clock = 0.005, steady_power = 0.02;  ///< relative; of a device that tells them
  int short_min_samples = 20;
  double short_min_seconds = 2, short_max_seconds = 12;
  double short_half_width = 0.0025;  ///< relative
};

/// What sampling one kernel gave. Samples are seconds of one run, in the order taken.
struct Sampled {
  std::vector<double> seconds{};
  int runs_per_sample = 1;
  Settle settle{};
  Watch::Seen seen{};
  double cpu_seconds_per_run = 0;
};

/// Settles and samples. @param runs_wanted when above 0: exactly so many runs, one a sample.
Sampled sample(Kernel& kernel, Device& device, const Sampling& sampling, std::int64_t runs_wanted, Progress& progress);

}  // namespace gpubench
