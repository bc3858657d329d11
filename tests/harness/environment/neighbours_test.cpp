#include "harness/environment/neighbours.hpp"

#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/harness/environment/fake_machine.hpp"

namespace gpubench {
namespace {

constexpr double ticks = 100;

/// /proc/ID/stat of a process that has used `user` + `system` ticks.
std::string stat_of(int id, const std::string& name, int user, int system, int started) {
  return fmt::format(
      "{} ({}) S 1 1 1 0 -1 4194304 9 9 9 9 {} {} 7 7 20 0 1 0 {} 1000 10\n", id, name, user, system, started);
}

/// A machine at a moment; ticks of all its processors.
class Moment : public FakeMachine {
 public:
  Moment(int user, int idle, int steal = 0) {
    put("proc/stat", fmt::format("cpu  {} 0 0 {} 0 0 0 {} 0 0\ncpu0 9 9 9 9\nintr 1\n", user, idle, steal));
    put("proc/uptime", "1 1\n");  // not every name is a number
  }
};

Activity activity_of(const FakeMachine& fake) { return capture_activity(fake.root(), ticks); }

TEST(Activity, IsReadFromTheKernelsFiles) {
  const Moment fake(300, 500, 50);
  fake.put("proc/42/stat", stat_of(42, "a (name) 7 8", 120, 30, 777));
  const Activity activity = activity_of(fake);
  EXPECT_DOUBLE_EQ(activity.total_seconds, 8.5);
  EXPECT_DOUBLE_EQ(activity.busy_seconds, 3.5);
  EXPECT_DOUBLE_EQ(activity.stolen_seconds, 0.5);
  ASSERT_EQ(activity.processes.size(), 1U);
  EXPECT_EQ(activity.processes.at(42).name, "a (name) 7 8");
  EXPECT_DOUBLE_EQ(activity.processes.at(42).seconds, 1.5);
  EXPECT_EQ(activity.processes.at(42).started, 777);
}

TEST(Activity, AProcessThatEndsWhileItIsReadIsLeftOut) {
  const Moment fake(1, 1);
  fake.put("proc/42/stat", "");
  fake.put("proc/43/stat", "43 (cut off");
  EXPECT_TRUE(activity_of(fake).processes.empty());
}

TEST(Neighbours, SharesAreOfTheTimeThatPassed) {
  const Moment before(0, 0), after(60, 30, 10);
  for (const auto& [fake, late] : {std::pair(&before, 0), std::pair(&after, 1)}) {
    fake->put("proc/10/stat", stat_of(10, "ours", 100 + 20 * late, 0, 1));
    fake->put("proc/11/stat", stat_of(11, "quiet", 100 + 2 * late, 0, 1));
    fake->put("proc/12/stat", stat_of(12, "cc1plus", 100 + 10 * late, 5 * late, 1));
    fake->put("proc/13/stat", stat_of(13, "python", 100 + 25 * late, 0, 1));
  }
  const Neighbours found = neighbours(activity_of(before), activity_of(after), 0.5, 10);
  EXPECT_DOUBLE_EQ(found.share, 0.5);  // 70 of 100 ticks, less our 20
  EXPECT_DOUBLE_EQ(found.stolen_share, 0.1);
  ASSERT_EQ(found.busy.size(), 2U);
  EXPECT_EQ(found.busy[0].name, "python");
  EXPECT_EQ(found.busy[0].process, 13);
  EXPECT_DOUBLE_EQ(found.busy[0].share, 0.5);
  EXPECT_DOUBLE_EQ(found.busy[1].share, 0.3);
}

TEST(Neighbours, AProcessIsNotTakenForAnEarlierOneWithItsNumber) {
  const Moment before(0, 0), after(100, 0);
  before.put("proc/12/stat", stat_of(12, "old", 500, 0, 1));
  after.put("proc/12/stat", stat_of(12, "new", 40, 0, 2));
  const Neighbours found = neighbours(activity_of(before), activity_of(after), 0.5, 10);
  ASSERT_EQ(found.busy.size(), 1U);
  EXPECT_EQ(found.busy[0].name, "new");
  EXPECT_DOUBLE_EQ(found.busy[0].share, 0.8);
}

TEST(Neighbours, NoTimeIsNoShare) {
  const Moment fake(1, 1);
  const Neighbours found = neighbours(activity_of(fake), activity_of(fake), 0, 10);
  EXPECT_EQ(found.share, 0);
  EXPECT_TRUE(found.busy.empty());
}

TEST(Neighbours, TheProcessesOfThisMachineAreSeen) {
  const Activity activity = capture_activity("/", static_cast<double>(sysconf(_SC_CLK_TCK)));
  EXPECT_TRUE(activity.processes.contains(getpid()));
  EXPECT_GT(activity.total_seconds, activity.busy_seconds);
}

TEST(CpuPressure, IsAShareOfTheLastTenSeconds) {
  FakeMachine fake;
  EXPECT_EQ(cpu_pressure(fake.root()), std::nullopt);
  fake.put("proc/pressure/cpu", "some avg10=12.50 avg60=1.00 avg300=0.00 total=99\nfull avg10=0.00\n");
  EXPECT_EQ(cpu_pressure(fake.root()), 0.125);
}

}  // namespace
}  // namespace gpubench
