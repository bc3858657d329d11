#include "harness/runner.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "tests/harness/clockwork.hpp"
#include "tests/kernels/silent.hpp"

namespace gpubench {
namespace {

/// One run takes a tenth of a second and does `per_second` of `figure`.
CaseResult result_of(const char* figure, double per_second, std::optional<Ceiling> most) {
  Clockwork device(0.1);
  device.most = most;
  Silent silent;
  Case one{.device = &device};
  one.make = [] { return std::make_unique<Nothing>(); };
  one.describe = [&](CaseResult& row) { row.figures = {{figure, per_second}}; };
  return run_case(one, {.budget_seconds = 10}, silent).row;
}

TEST(Runner, ARowCarriesTheCeilingAndSaysWhenItIsAboveIt) {
  const Ceiling most{.flops_per_second = 1e9, .bytes_per_second = 1e6, .precision = "fp32", .by = "loops"};
  const CaseResult below = result_of("flops_per_second", 0.9e9, most);
  ASSERT_EQ(below.status, Status::ok) << below.reason;
  ASSERT_TRUE(below.ceiling);
  EXPECT_TRUE(below.labels.empty());
  for (const auto& [figure, per_second] : {std::pair{"flops_per_second", 1.2e9},
                                           std::pair{"operations_per_second", 1.2e9},
                                           std::pair{"bytes_per_second", 1.2e6}}) {
    const CaseResult above = result_of(figure, per_second, most);
    EXPECT_EQ(above.status, Status::ok) << "a ceiling is what was reached, not what can be";
    ASSERT_EQ(above.labels.size(), 1U) << figure;
    EXPECT_EQ(above.labels[0].find("above the ceiling of this launch: 120 % of it"), 0U) << above.labels[0];
  }
}

TEST(Runner, WhatSiliconCannotDoIsNoMeasurement) {
  Clockwork device(0.1);
  device.can = Ceiling{.flops_per_second = 1e9, .bytes_per_second = 1e6, .by = "4 units"};
  Silent silent;
  const auto status_at = [&](const char* figure, double per_second) {
    Case one{.device = &device};
    one.make = [] { return std::make_unique<Nothing>(); };
    one.describe = [&](CaseResult& row) { row.figures = {{figure, per_second}}; };
    return run_case(one, {.budget_seconds = 10}, silent).row;
  };
  EXPECT_EQ(status_at("flops_per_second", 1.01e9).status, Status::ok) << "clocks and timers are not exact";
  EXPECT_EQ(status_at("images_per_second", 1e12).status, Status::ok);
  const CaseResult row = status_at("bytes_per_second", 1.5e6);
  EXPECT_EQ(row.status, Status::implausible);
  EXPECT_NE(row.reason.find("150 % of the most that this device's memory can do (4 units)"), std::string::npos)
      << row.reason;
  EXPECT_TRUE(row.figures.empty() && row.samples_seconds.empty()) << "it has no time";
  EXPECT_EQ(status_at("flops_per_second", 1.5e9).status, Status::implausible);
}

TEST(Runner, ABrakedDeviceGetsASecondTryAndThenAFinding) {
  const Watch::Seen hot{.slowdown = "it is hot"};
  Silent silent;
  const auto row_of = [&](std::vector<Watch::Seen> windows) {
    Clockwork device(0.1);
    device.windows = std::move(windows);
    Case one{.device = &device};
    one.make = [] { return std::make_unique<Nothing>(); };
    one.describe = [](CaseResult&) {};
    return run_case(one, {.budget_seconds = 10}, silent).row;
  };
  EXPECT_FALSE(row_of({hot}).finding) << "once may be chance";
  const CaseResult row = row_of({hot, hot});
  EXPECT_EQ(row.status, Status::ok) << "what was measured is true";
  ASSERT_TRUE(row.finding);
  EXPECT_EQ(row.finding->verdict, "degraded");
  EXPECT_EQ(row.finding->reason, "it is hot");
}

TEST(Runner, HardwareThatFailsIsAFindingAndAProgramThatFailsIsNot) {
  struct Failing : Nothing {
    explicit Failing(DeviceLost::Cause why) : cause(why) {}
    void enqueue(int) override {}
    Verification verify(bool, Progress&) override { throw DeviceLost("lost", cause); }
    DeviceLost::Cause cause;
  };
  Silent silent;
  for (const auto cause : {DeviceLost::Cause::program, DeviceLost::Cause::hardware}) {
    Clockwork device(0.1);
    Case one{.device = &device};
    one.make = [&] { return std::make_unique<Failing>(cause); };
    const Outcome outcome = run_case(one, {.budget_seconds = 10}, silent);
    EXPECT_TRUE(outcome.device_lost);
    EXPECT_EQ(outcome.row.status, Status::failed);
    EXPECT_EQ(outcome.row.finding.has_value(), cause == DeviceLost::Cause::hardware);
  }
}

TEST(Runner, WithoutACeilingNothingIsAboveIt) {
  EXPECT_TRUE(result_of("flops_per_second", 1e30, std::nullopt).labels.empty());
  EXPECT_TRUE(result_of("bytes_per_second", 1e30, Ceiling{.by = "not measured"}).labels.empty());
}

TEST(Runner, ACaseMayWantLessThanItsShareOfTheBudget) {
  Clockwork device(0.001);
  Silent silent;
  Case one{.most_seconds = 0.2, .device = &device};
  one.make = [] { return std::make_unique<Nothing>(); };
  one.describe = [](CaseResult&) {};
  EXPECT_EQ(run_case(one, {.budget_seconds = 10}, silent).row.status, Status::ok);
  EXPECT_LT(device.spent, 0.4);
}

// Of 200 such cases each would take four seconds otherwise.
TEST(Runner, ACaseOfALongListLooksAtTheClockOnly) {
  Clockwork device(0.001), falling(0.001);
  for (int i = 0; i < 100; ++i) {
    device.conditions.push_back({.clock_hertz = 1.5e9, .watts = 100 * std::pow(1.05, i)});
    falling.conditions.push_back({.clock_hertz = 1.98e9 * std::pow(0.99, i), .watts = 600});
  }
  Silent silent;
  const auto settled = [&](Clockwork& on) {
    Case one{.most_seconds = 0.3, .device = &on};
    one.make = [] { return std::make_unique<Nothing>(); };
    one.describe = [](CaseResult&) {};
    return run_case(one, {.budget_seconds = 10}, silent).row.settle.outcome;
  };
  EXPECT_EQ(settled(device), "short");
  EXPECT_LT(device.spent, 1.2);
  EXPECT_EQ(settled(falling), "timed out");
}

}  // namespace
}  // namespace gpubench
