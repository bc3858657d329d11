#include "harness/measure/sampling.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "harness/measure/statistics.hpp"

namespace gpubench {
namespace {

/// Relative half-width of the median's interval; infinite where there are too few samples for one.
double half_width(std::span<const double> seconds) {
  const auto interval = median_interval(seconds, effective_count(seconds));
  if (!interval) return std::numeric_limits<double>::infinity();
  return (interval->high - interval->low) / 2 / median(seconds);
}

double total(std::span<const double> seconds) { return std::accumulate(seconds.begin(), seconds.end(), 0.0); }

/// Takes the samples of one kernel, staging before each block and telling that it goes on.
class Sampler {
 public:
  Sampler(Kernel& kernel, Device& device, const Sampling& sampling, Progress& progress)
      : kernel_(kernel), device_(device), sampling_(sampling), progress_(progress) {}

  Sampled take(std::int64_t runs_wanted) {
    const double first = warm_up();
    if (runs_wanted > 0) {
      watched([&] { fixed(runs_wanted); });
    } else if (first >= sampling_.long_run) {
      watched([&] { long_runs(); });
    } else {
      settle(first);
      watched([&] { short_runs(); });
    }
    return std::move(sampled_);
  }

 private:
  /// A first run pays for fresh pages and lazy set-up; where it is short, the second one is what b is chosen from.
  double warm_up() {
    const auto start = std::chrono::steady_clock::now();
    progress_.on("warming up");
    double seconds = block(1, 1).front();
    if (seconds < sampling_.long_run) seconds = block(1, 1).front();
    sampled_.settle = {"short", std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()};
    return seconds;
  }

  std::vector<double> block(int runs, int samples) {
    kernel_.stage(runs * samples);
    const auto start = std::chrono::steady_clock::now();
    std::vector<double> seconds = device_.place().time(kernel_, runs, samples);
    // Sweeping caches takes longer than what is measured, and the budget has to pay for it.
    block_seconds_ = kernel_.runs_cold()
                         ? std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()
                         : total(seconds) * runs;
    return seconds;
  }

  void keep(const std::vector<double>& block) {
    sampled_.seconds.insert(sampled_.seconds.end(), block.begin(), block.end());
    progress_.on(fmt::format("{} samples", sampled_.seconds.size()));
  }

  /// The window that telemetry and processor time are of: the samples that are kept, nothing before them.
  template <class Take>
  void watched(Take take) {
    const auto watch = device_.watch();
    const double cpu_before = device_.cpu_seconds();
    take();
    const double runs = static_cast<double>(sampled_.seconds.size()) * sampled_.runs_per_sample;
    sampled_.cpu_seconds_per_run = (device_.cpu_seconds() - cpu_before) / runs;
    sampled_.seen = watch->stop();
  }

  void fixed(std::int64_t runs_wanted) {
    for (std::int64_t left = runs_wanted; left > 0;) {
      const int now = static_cast<int>(std::min<std::int64_t>(left, sampling_.min_samples));
      keep(block(1, now));
      left -= now;
    }
  }

  void long_runs() {
    keep(block(1, sampling_.min_samples));
    while (static_cast<int>(sampled_.seconds.size()) < sampling_.max_long_samples &&
           total(sampled_.seconds) + median(sampled_.seconds) <= sampling_.budget_seconds &&
           half_width(sampled_.seconds) > sampling_.long_half_width)
      keep(block(1, 1));
  }

  /// Blocks of 20 samples until one block's median agrees with that of the two after it (facts: 0.02 % plus twice the
  /// standard error of a median of 40). Half of a small budget, with shorter batches and fewer samples in a block where
  /// it takes them.
  void settle(double seconds_of_run) {
    const double share = sampling_.budget_seconds / 2;
    const double batch = std::min(sampling_.batch_seconds, share / sampling_.short_min_samples);
    if (!kernel_.runs_cold())
      sampled_.runs_per_sample = std::max(1, static_cast<int>(std::lround(batch / seconds_of_run)));
    if (sampled_.runs_per_sample > 1)  // one run alone has in it what a batch hides: the way from the host
      sampled_.runs_per_sample =
          std::max(1, static_cast<int>(std::lround(batch / block(sampled_.runs_per_sample, 1).front())));
    const double fitting = share / (sampled_.runs_per_sample * seconds_of_run);
    samples_of_block_ = static_cast<int>(std::clamp<double>(
        fitting, sampling_.min_samples, std::max(sampling_.min_samples, sampling_.short_min_samples)));
    // Where clock and power are to be looked at, it takes as long as that takes: this minimum wins over the budget.
    tells_condition_ = device_.condition().has_value();
    const double least =
        3 * sampling_.condition_seconds + 1.25 * samples_of_block_ * batch;  // the last falls in a block
    const double longest = std::min(sampling_.settle_max_seconds, tells_condition_ ? std::max(share, least) : share);
    std::vector<std::vector<double>> blocks;
    bool steady = false;
    while (settled_seconds_ < longest &&
           !(steady && settled_seconds_ >= std::min(sampling_.settle_min_seconds, longest))) {
      blocks.push_back(block(sampled_.runs_per_sample, samples_of_block_));
      settled_seconds_ += block_seconds_;
      progress_.on(fmt::format("settling for {:.0f} s", settled_seconds_));
      ask_for_condition();
      steady = blocks.size() >= 3 && agree(blocks[blocks.size() - 3], blocks[blocks.size() - 2], blocks.back()) &&
               device_is_steady();
    }
    // Who did not look at power has not seen it settle.
    const bool all_seen = !tells_condition_ || sampling_.condition_seconds >= 1;
    sampled_.settle.outcome = !steady ? "timed out" : all_seen ? "steady" : "short";
    sampled_.settle.seconds += settled_seconds_;
  }

  static bool agree(const std::vector<double>& before, std::vector<double> later, const std::vector<double>& last) {
    later.insert(later.end(), last.begin(), last.end());
    const double middle = median(later);
    std::vector<double> distances;
    distances.reserve(later.size());
    for (const double seconds : later) distances.push_back(std::abs(seconds - middle));
    const double deviation = 1.4826 * median(distances);  // of a normal, from its median absolute deviation
    const double tolerance = 2 * 1.25 * deviation / std::sqrt(static_cast<double>(later.size()) / 6) + 0.0002 * middle;
    return std::abs(median(before) - middle) <= tolerance;
  }

  void ask_for_condition() {
    if (settled_seconds_ - asked_at_ < sampling_.condition_seconds) return;
    asked_at_ = settled_seconds_;
    if (const auto condition = device_.condition()) conditions_.push_back(*condition);
  }

  /// Clock and power of a device that tells them: the last second's against the mean of the two before it. A GPU's
  /// clock falls for some seconds while it gets warm and the power limit is found (CUTLASS's guidelines for measuring
  /// GEMMs: about 3 s).
  bool device_is_steady() const {
    if (!tells_condition_) return true;
    if (conditions_.size() < 3) return false;
    const auto block = conditions_.rbegin();  // the last first
    const auto moved = [&](double Condition::*figure) {
      const double before = (block[1].*figure + block[2].*figure) / 2;
      return before > 0 ? std::abs(block[0].*figure - before) / before : 0;
    };
    // Counters of energy are read by the driver some times a second only: over less than a second they tell nothing.
    return moved(&Condition::clock_hertz) <= sampling_.steady_clock &&
           (sampling_.condition_seconds < 1 || moved(&Condition::watts) <= sampling_.steady_power);
  }

  void short_runs() {
    // A half of the budget is left even where looking at clock and power has taken more than the other.
    const double left = sampling_.budget_seconds - settled_seconds_;
    const double longest =
        std::min(sampling_.short_max_seconds, tells_condition_ ? std::max(left, sampling_.budget_seconds / 2) : left);
    const int runs = sampled_.runs_per_sample;
    if (tells_condition_) block(runs, samples_of_block_);  // it idled while the watch over the window was made
    for (double spent = 0;;) {
      keep(block(runs, samples_of_block_));
      spent += block_seconds_;
      const bool enough =
          spent >= sampling_.short_min_seconds && half_width(sampled_.seconds) <= sampling_.short_half_width;
      if (enough || spent >= longest) return;
    }
  }

  Kernel& kernel_;
  Device& device_;
  const Sampling& sampling_;
  Progress& progress_;
  int samples_of_block_ = 0;
  double block_seconds_ = 0;  // of the budget, that the last block took
  double settled_seconds_ = 0;
  double asked_at_ = 0;  // of the settling, for the device's condition
  std::vector<Condition> conditions_{};
  bool tells_condition_ = false;
  Sampled sampled_{};
};

}  // namespace

Sampled sample(Kernel& kernel, Device& device, const Sampling& sampling, std::int64_t runs_wanted, Progress& progress) {
  return Sampler(kernel, device, sampling, progress).take(runs_wanted);
}

}  // namespace gpubench
