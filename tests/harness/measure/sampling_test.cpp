#include "harness/measure/sampling.hpp"

#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "tests/kernels/silent.hpp"

namespace gpubench {
namespace {

class Nothing : public Kernel {
 public:
  double memory_bytes() const override { return 0; }
  void allocate(Progress&) override {}
  void enqueue(int) override {}
  Verification verify(bool, Progress&) override { return {}; }
};

/// A device on which a run takes as long as it is told, exactly, but for the very first.
class Clockwork : public Device, public Place {
 public:
  explicit Clockwork(double seconds) : seconds_(seconds) {}

  std::vector<double> time(Kernel&, int runs, int samples) override {
    spent += seconds_ * runs * samples;
    return std::vector(static_cast<std::size_t>(samples), seconds_);
  }
  double spent = 0;

  std::string name() const override { return "clockwork"; }
  DeviceInfo info() const override { return {}; }
  const Catalog& catalog() const override { return catalog_; }
  Place& place() override { return *this; }
  double available_memory() const override { return 0; }
  std::optional<double> peak_memory() const override { return std::nullopt; }
  void reset_peak_memory() override {}
  double cpu_seconds() const override { return 0; }
  std::unique_ptr<Watch> watch() override {
    struct Blind : Watch {
      Seen stop() override { return {}; }
    };
    return std::make_unique<Blind>();
  }

 private:
  double seconds_;
  Catalog catalog_;
};

struct Taken {
  Sampled sampled{};
  double spent = 0;
};
Taken taken(double seconds_of_run, double budget) {
  Clockwork device(seconds_of_run);
  Nothing nothing;
  Silent silent;
  Taken taken{.sampled = sample(nothing, device, {.budget_seconds = budget}, 0, silent)};
  taken.spent = device.spent;
  return taken;
}

TEST(Sampling, BatchesOfShortRunsLastTwentyMilliseconds) {
  const Taken got = taken(0.001, 60);
  EXPECT_EQ(got.sampled.runs_per_sample, 20);
  EXPECT_GE(got.sampled.seconds.size(), 100U);  // two seconds of them
  EXPECT_EQ(got.sampled.settle.outcome, "steady");
}

TEST(Sampling, ASmallBudgetIsKept) {
  for (const double seconds : {0.00001, 0.001, 0.004}) {
    const Taken got = taken(seconds, 0.2);
    EXPECT_LT(got.spent, 1.6 * 0.2) << seconds;
    EXPECT_GE(got.sampled.seconds.size(), 6U) << seconds;
  }
}

TEST(Sampling, SixSamplesWinOverTheBudget) {
  EXPECT_EQ(taken(0.05, 0.1).sampled.seconds.size(), 6U);
  EXPECT_EQ(taken(0.5, 0.1).sampled.seconds.size(), 6U);
}

TEST(Sampling, LongRunsAreOneASample) {
  const Taken got = taken(0.5, 60);
  EXPECT_EQ(got.sampled.runs_per_sample, 1);
  EXPECT_EQ(got.sampled.seconds.size(), 6U);
  EXPECT_EQ(got.sampled.settle.outcome, "short");
}

}  // namespace
}  // namespace gpubench
