#include "harness/app/plan.hpp"

#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace gpubench {
namespace {

std::vector<Candidate> some_cases(int count) {
  std::vector<Candidate> cases;
  for (int i = 0; i < count; ++i) cases.push_back({.row = {.run_name = fmt::format("c{}", i), .name = "c"}});
  return cases;
}

std::vector<std::string> order_of(const Plan::Launch& launch) {
  std::vector<std::string> names;
  for (const auto& worker : launch.workers)
    for (const Candidate& one : worker) names.push_back(one.row.run_name);
  return names;
}

TEST(Plan, ASeedGivesAnOrderAndALaunchAnother) {
  const auto cases = some_cases(20);
  const Plan plan = make_plan(cases, 2, 300, 1), same = make_plan(cases, 2, 300, 1),
             other = make_plan(cases, 2, 300, 2);
  EXPECT_EQ(order_of(plan.launches[0]), order_of(same.launches[0]));
  EXPECT_NE(order_of(plan.launches[0]), order_of(plan.launches[1]));
  EXPECT_NE(order_of(plan.launches[0]), order_of(other.launches[0]));
  auto sorted = order_of(plan.launches[1]);
  EXPECT_EQ(std::set<std::string>(sorted.begin(), sorted.end()).size(), 20U) << "every case once";
}

TEST(Plan, TheBudgetIsSharedOverCasesThatCanRunAndLaunches) {
  auto cases = some_cases(5);
  cases[0].why_not = "no such unit";
  const Plan plan = make_plan(cases, 3, 120, 1);
  EXPECT_EQ(plan.cases, 12);
  EXPECT_DOUBLE_EQ(plan.case_seconds, 10);
  ASSERT_EQ(plan.unsupported.size(), 1U);
  EXPECT_EQ(plan.unsupported[0].status, Status::unsupported);
  EXPECT_EQ(plan.unsupported[0].reason, "no such unit");
}

TEST(Plan, CasesThatCanShareAWorkerDoAndTheOthersHaveTheirOwn) {
  auto cases = some_cases(5);
  cases[1].own_worker = cases[3].own_worker = true;
  const Plan plan = make_plan(cases, 1, 100, 1);
  ASSERT_EQ(plan.launches[0].workers.size(), 3U);
  EXPECT_EQ(plan.launches[0].workers[0].size(), 3U);
  EXPECT_EQ(plan.launches[0].workers[1].size(), 1U);
  EXPECT_TRUE(plan.launches[0].workers[1][0].own_worker);
}

TEST(Plan, NothingThatRunsIsAnEmptyPlan) {
  auto cases = some_cases(1);
  cases[0].why_not = "no";
  EXPECT_TRUE(make_plan(cases, 1, 100, 1).empty());
}

}  // namespace
}  // namespace gpubench
