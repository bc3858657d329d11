#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include <fmt/format.h>

#include "harness/measure/sampling.hpp"
#include "harness/measure/statistics.hpp"
#include "tests/harness/clockwork.hpp"
#include "tests/kernels/silent.hpp"
#include "tests/reports/verdict/simulation/figures.hpp"

namespace gpubench::simulation {
namespace {

/// Runs on a GPU that warms up: 1.5 % too slow at first, gone with 3.2 s (so that fixed numbers of samples
/// after 3 s err as they are said to, facts of F13); noise of 0.25 % that is half forgotten after 0.1 s; a long slow
/// side.
class Stream : public Clockwork {
 public:
  Stream(std::uint64_t seed, double seconds_of_run)
      : Clockwork(seconds_of_run), seconds_of_run_(seconds_of_run), random_(seed), noise_(sample * normal()) {}

  std::vector<double> time(Kernel&, int runs, int samples) override {
    std::vector<double> told;
    for (int i = 0; i < samples; ++i) {
      const double seconds = seconds_of_run_ * runs;
      const double kept = std::pow(0.5, seconds / 0.1);
      noise_ = kept * noise_ + std::sqrt(1 - kept * kept) * sample * normal();
      double percent = 1.5 * std::exp(-spent / 3.2) + noise_;
      if (uniform_(random_) < 0.005) percent += 2 * std::exponential_distribution<double>()(random_);
      told.push_back(seconds_of_run_ * std::exp(percent / 100));
      spent += seconds;
    }
    return told;
  }

  static constexpr double sample = 0.25;

 private:
  double normal() { return normal_(random_); }
  double seconds_of_run_;
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_{};
  std::uniform_real_distribution<double> uniform_{};
  double noise_;
};

/// n / (1 + 2 sum of the autocorrelations of the signs): of a normal AR(1) they are 2/pi asin(rho^k).
double signs_worth(double rho, int samples) {
  double sum = 0;
  for (int lag = 1; lag < 200; ++lag) sum += 2 / std::numbers::pi * std::asin(std::pow(rho, lag));
  return samples / (1 + 2 * sum);
}

double mean_effective_count(double rho, int samples, int draws, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  double sum = 0;
  for (int draw = 0; draw < draws; ++draw) {
    std::vector<double> stream{normal(random)};
    while (static_cast<int>(stream.size()) < samples)
      stream.push_back(rho * stream.back() + std::sqrt(1 - rho * rho) * normal(random));
    sum += effective_count(stream) / draws;
  }
  return sum;
}

struct Stopped {
  double seconds = 0, error = 0, shortest_warm_up = 1e9;
};
Stopped stopped(const Extent& extent, double seconds_of_run, int launches) {
  Stopped told;
  for (int launch = 0; launch < launches; ++launch) {
    Stream stream(extent.seed_of(500, launch), seconds_of_run);
    Nothing nothing;
    Silent silent;
    const Sampled taken = sample(nothing, stream, {}, 0, silent);
    told.seconds += stream.spent / launches;
    told.error += std::pow(100 * std::log(median(taken.seconds) / seconds_of_run), 2) / launches;
    told.shortest_warm_up = std::min(told.shortest_warm_up, taken.settle.seconds);
  }
  told.error = std::sqrt(told.error);
  return told;
}

}  // namespace

void stopping(const Extent& extent, Report& report) {
  const int launches = extent.nodes(400, 60);
  const std::string basis = fmt::format("{} launches", launches);
  const Stopped step = stopped(extent, 0.095, launches), batch = stopped(extent, 0.001, launches);
  // As it is: what meets the demand on the error takes longer, and what meets the demand on the cost errs more.
  report.at_most("F13 root mean square error of a launch's value, percent, steps of 0.1 s", step.error, .2, basis);
  report.tell("F13 ... its seconds", step.seconds, basis);
  report.at_most("F13 seconds of a launch of one case, batches of 20 ms", batch.seconds, 8, basis);
  report.tell("F13 ... its root mean square error, percent", batch.error, basis);
  report.at_least(
      "F13 seconds of the shortest warm-up", std::min(step.shortest_warm_up, batch.shortest_warm_up), 3, basis);
  for (const double rho : {0.3, 0.5, 0.7}) {
    const double ratio = mean_effective_count(rho, 400, launches, extent.seed + 1) / signs_worth(rho, 400);
    report.within(fmt::format("F13 effective samples against theory, 400 samples, correlation {:g}", rho),
                  ratio,
                  .75,
                  1.25,
                  basis);
  }
}

}  // namespace gpubench::simulation
