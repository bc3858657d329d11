#include "harness/devices/cpu/cores.hpp"

#include <gtest/gtest.h>

#include "tests/harness/devices/cpu/file_tree.hpp"

namespace gpubench::cpu {
namespace {

TEST(Cores, AreThoseAllowedAndGranted) {
  EXPECT_EQ(usable_cores(8, std::nullopt), 8);
  EXPECT_EQ(usable_cores(8, 2.0), 2);
  EXPECT_EQ(usable_cores(8, 2.5), 3);
  EXPECT_EQ(usable_cores(2, 64.0), 2);
  EXPECT_EQ(usable_cores(8, 0.1), 1);
  EXPECT_EQ(usable_cores(0, std::nullopt), 1);
}

TEST(Cores, OneAtLeastIsAllowedHere) { EXPECT_FALSE(allowed_cpus().empty()); }

TEST(Quota, IsTheLeastOfTheGroups) {
  FileTree machine;
  EXPECT_EQ(cpu_quota(machine.root()), std::nullopt);
  machine.write("proc/self/cgroup", "0::/pod/job\n");
  machine.write("sys/fs/cgroup/cgroup.controllers", "cpu\n");
  machine.write("sys/fs/cgroup/pod/job/cpu.max", "max 100000\n");
  EXPECT_EQ(cpu_quota(machine.root()), std::nullopt);
  machine.write("sys/fs/cgroup/pod/cpu.max", "250000 100000\n");
  EXPECT_EQ(cpu_quota(machine.root()), 2.5);
}

TEST(Quota, OfTheFirstVersionOfControlGroups) {
  FileTree machine;
  machine.write("proc/self/cgroup", "3:cpu,cpuacct:/job\n");
  machine.write("sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "-1\n");
  machine.write("sys/fs/cgroup/cpu/job/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(cpu_quota(machine.root()), std::nullopt);
  machine.write("sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "400000\n");
  EXPECT_EQ(cpu_quota(machine.root()), 4.0);
}

TEST(Model, IsNamedByTheSystem) {
  FileTree machine;
  EXPECT_EQ(model(machine.root()), "CPU");
  machine.write("proc/cpuinfo", "processor\t: 0\nmodel name\t: AMD EPYC 9654\nmodel name\t: other\n");
  EXPECT_EQ(model(machine.root()), "AMD EPYC 9654");
}

}  // namespace
}  // namespace gpubench::cpu
