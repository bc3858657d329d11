#include <cmath>
#include <functional>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "reports/statistics/ratio.hpp"

namespace gpubench {
namespace {

/// One class of case, in percent of log time, from what is published of boards, launches and samples: boards of one
/// model differ by 0.8 %, a boot and a night move all cases of a machine, a launch places memory and tunes anew, and
/// samples of one launch depend on each other.
struct Noise {
  std::string name{};
  double boot = 0, night = 0, launch = 0, sample = 0, correlation = 0;
};
constexpr double board_percent = 0.8;
const Noise gemm{"gemm", 0.08, 0.06, 0.10, 0.25, 0.5}, training{"training", 0.12, 0.10, 0.22, 0.60, 0.6},
    collectives{"collectives", 0.25, 0.20, 0.35, 1.5, 0.7};

class World {
 public:
  World(const Noise& noise, unsigned seed) : noise_(noise), random_(seed) {}

  double normal(double percent) { return percent / 100 * normal_(random_); }

  std::vector<double> samples_of_launch(double log_time, int count) {
    std::vector<double> samples;
    double last = normal(noise_.sample);
    for (int i = 0; i < count; ++i) {
      last = noise_.correlation * last + std::sqrt(1 - noise_.correlation * noise_.correlation) * normal(noise_.sample);
      samples.push_back(std::exp(log_time + last));
    }
    return samples;
  }

  /// Boards in a machine each, or all in one, measured on one night. @returns log of what is true of these boards then
  double measure(int boards, int launches, bool one_machine, std::vector<Measured>& values) {
    double machine = 0, truth = 0;
    for (int board = 0; board < boards; ++board) {
      if (board == 0 || !one_machine) machine = normal(noise_.boot) + normal(noise_.night);
      const double log_time = machine + normal(board_percent);
      truth += log_time / boards;
      for (int launch = 0; launch < launches; ++launch) {
        const auto samples = samples_of_launch(log_time + normal(noise_.launch), 40);
        values.push_back({median(samples), board, launch});
      }
    }
    return truth;
  }

 private:
  Noise noise_;
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_{};
};

/// How often `covered` says yes.
double share(int draws, const std::function<bool()>& covered) {
  int yes = 0;
  for (int i = 0; i < draws; ++i) yes += covered() ? 1 : 0;
  return static_cast<double>(yes) / draws;
}

bool contains(const std::optional<Interval>& interval, double log_ratio) {
  return interval && interval->low <= std::exp(log_ratio) && std::exp(log_ratio) <= interval->high;
}

class IntervalCoverage : public ::testing::TestWithParam<Noise> {};

/// How often the interval over 8 boards a side has the ratio of the two models, which are equal here.
double coverage_over_devices(const Noise& noise, bool one_machine) {
  World world(noise, 1);
  return share(1200, [&] {
    std::vector<Measured> a, b;
    world.measure(8, 3, one_machine, a), world.measure(8, 3, one_machine, b);
    const SideRatio told = ratio_of_sides(a, b);
    EXPECT_EQ(told.over, SideRatio::Over::devices);
    return contains(told.interval, 0);
  });
}

TEST_P(IntervalCoverage, OverEightDevicesASideIsOfTheTwoModels) {
  const double covers = coverage_over_devices(GetParam(), false);
  EXPECT_GE(covers, 0.92);
  EXPECT_LE(covers, 0.98);
}

/// What a machine does to all its boards alike is in no interval over them: little for computing, too much for
/// collectives, whose unit is the machine.
TEST(CoverageOfOneMachine, IsGoodEnoughForComputingOnly) {
  EXPECT_GE(coverage_over_devices(gemm, true), 0.92);
  EXPECT_GE(coverage_over_devices(training, true), 0.92);
  EXPECT_LT(coverage_over_devices(collectives, true), 0.92);
}

TEST_P(IntervalCoverage, OverFiveLaunchesASideIsOfTheseBoards) {
  World world(GetParam(), 2);
  int population = 0;
  const double covers = share(2000, [&] {
    std::vector<Measured> a, b;
    const double truth = -world.measure(1, 5, true, a) + world.measure(1, 5, true, b);
    const SideRatio told = ratio_of_sides(a, b);
    EXPECT_EQ(told.over, SideRatio::Over::launches);
    population += contains(told.interval, 0) ? 1 : 0;
    return contains(told.interval, truth);
  });
  EXPECT_GE(covers, 0.92);
  EXPECT_LE(covers, 0.98);
  EXPECT_LT(population / 2000.0, 0.8) << "and says little about other boards of the two models";
}

/// Why there is no such interval in this program: the one from samples promises 95 % and keeps less than 70 %, even for
/// the very boards that were measured.
TEST_P(IntervalCoverage, OverSamplesOfOneLaunchIsWrong) {
  World world(GetParam(), 3);
  const double covers = share(2000, [&] {
    const double board_a = world.normal(board_percent), board_b = world.normal(board_percent);
    const auto a = world.samples_of_launch(board_a + world.normal(GetParam().launch), 40);
    const auto b = world.samples_of_launch(board_b + world.normal(GetParam().launch), 40);
    return contains(ratio_interval(log_mean(a), log_mean(b)), board_b - board_a);
  });
  EXPECT_LT(covers, 0.7);
}

INSTANTIATE_TEST_SUITE_P(, IntervalCoverage, ::testing::Values(gemm, training, collectives), [](const auto& info) {
  return info.param.name;
});

}  // namespace
}  // namespace gpubench
