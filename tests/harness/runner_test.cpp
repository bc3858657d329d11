#include "harness/runner.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace gpubench
