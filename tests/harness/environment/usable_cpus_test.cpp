#include "harness/environment/usable_cpus.hpp"

#include <sched.h>
#include <utility>

#include <gtest/gtest.h>

#include "tests/reports/files.hpp"

namespace gpubench {
namespace {

/// Control groups made of files.
class Groups {
 public:
  explicit Groups(const std::string& membership) { put("proc/self/cgroup", membership); }
  void put(const std::string& path, const std::string& text) {
    std::filesystem::create_directories((folder_ / path).parent_path());
    write_file(folder_ / path, text);
  }
  std::optional<int> quota() const { return quota_cpus(folder_ / ""); }

 private:
  TemporaryFolder folder_;
};

TEST(UsableCpus, WithoutAQuotaThereIsNone) {
  Groups groups("0::/a/b\n");
  EXPECT_EQ(groups.quota(), std::nullopt);
  groups.put("sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
  EXPECT_EQ(groups.quota(), std::nullopt);
}

TEST(UsableCpus, AQuotaIsRoundedDownButNeverToNothing) {
  Groups groups("0::/a\n");
  for (const auto& [text, processors] :
       {std::pair("400000 100000", 4), std::pair("350000 100000", 3), std::pair("20000 100000", 1)}) {
    groups.put("sys/fs/cgroup/a/cpu.max", text);
    EXPECT_EQ(groups.quota(), processors) << text;
  }
}

TEST(UsableCpus, TheSmallestOfAGroupAndThoseAboveHolds) {
  Groups groups("0::/a/b/c\n");
  groups.put("sys/fs/cgroup/a/b/c/cpu.max", "800000 100000");
  groups.put("sys/fs/cgroup/a/cpu.max", "200000 100000");
  EXPECT_EQ(groups.quota(), 2);
}

TEST(UsableCpus, InAContainerTheMountIsTheGroup) {
  Groups groups("0::/docker/0123456789ab\n");
  groups.put("sys/fs/cgroup/cpu.max", "300000 100000");
  EXPECT_EQ(groups.quota(), 3);
}

TEST(UsableCpus, VersionOneHasItsOwnFiles) {
  Groups groups("4:memory:/m\n2:cpu,cpuacct:/a\n1:cpuset:/s\n");
  groups.put("sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "200000");
  groups.put("sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000");
  EXPECT_EQ(groups.quota(), 2);
  groups.put("sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "-1");
  EXPECT_EQ(groups.quota(), std::nullopt);
}

TEST(UsableCpus, NonsenseIsNoQuota) {
  Groups groups("no colons\n0::/a\n");
  for (const char* text : {"", "x y", "100000", "0 100000", "-5 100000", "100000 0"}) {
    groups.put("sys/fs/cgroup/a/cpu.max", text);
    EXPECT_EQ(groups.quota(), std::nullopt) << text;
  }
}

TEST(UsableCpus, AffinityIsWhatTheSchedulerSays) {
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
  EXPECT_EQ(affinity_cpus(), CPU_COUNT(&before));
  int first = 0;
  while (!CPU_ISSET(first, &before)) ++first;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(first, &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(affinity_cpus(), 1);
  sched_setaffinity(0, sizeof before, &before);
}

}  // namespace
}  // namespace gpubench
