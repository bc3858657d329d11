#include "harness/devices/cpu/memory.hpp"

#include <gtest/gtest.h>

#include "tests/harness/devices/cpu/file_tree.hpp"

namespace gpubench::cpu {
namespace {

class AvailableMemory : public testing::Test {
 protected:
  AvailableMemory() { machine_.write("proc/meminfo", "MemTotal: 16000000 kB\nMemAvailable:    8000000 kB\n"); }
  double available() const { return available_memory(machine_.root()); }

  FileTree machine_;
};

TEST_F(AvailableMemory, IsTheMachinesWhereNothingElseLimits) { EXPECT_EQ(available(), 8000000 * 1024.0); }

TEST_F(AvailableMemory, IsWhatTheGroupLeaves) {
  machine_.write("proc/self/cgroup", "0::/pod/job\n");
  machine_.write("sys/fs/cgroup/cgroup.controllers", "cpu memory\n");
  machine_.write("sys/fs/cgroup/pod/job/memory.max", "4000000000\n");
  machine_.write("sys/fs/cgroup/pod/job/memory.current", "1500000000\n");
  EXPECT_EQ(available(), 2.5e9);
}

TEST_F(AvailableMemory, CountsFilePagesThatTheKernelGivesBack) {
  machine_.write("proc/self/cgroup", "0::/job\n");
  machine_.write("sys/fs/cgroup/cgroup.controllers", "memory\n");
  machine_.write("sys/fs/cgroup/job/memory.max", "4000000000\n");
  machine_.write("sys/fs/cgroup/job/memory.current", "3900000000\n");
  machine_.write("sys/fs/cgroup/job/memory.stat", "anon 900000000\ninactive_file 3000000000\n");
  EXPECT_EQ(available(), 3.1e9);
}

TEST_F(AvailableMemory, IsLimitedByAnyGroupAbove) {
  machine_.write("proc/self/cgroup", "0::/pod/job\n");
  machine_.write("sys/fs/cgroup/cgroup.controllers", "memory\n");
  machine_.write("sys/fs/cgroup/pod/job/memory.max", "max\n");
  machine_.write("sys/fs/cgroup/pod/job/memory.current", "1000\n");
  machine_.write("sys/fs/cgroup/pod/memory.max", "3000000000\n");
  machine_.write("sys/fs/cgroup/pod/memory.current", "1000000000\n");
  EXPECT_EQ(available(), 2e9);
}

TEST_F(AvailableMemory, OfAContainerThatSeesOnlyItsMount) {
  machine_.write("proc/self/cgroup", "0::/kubepods/not-here\n");
  machine_.write("sys/fs/cgroup/cgroup.controllers", "memory\n");
  machine_.write("sys/fs/cgroup/memory.max", "2000000000\n");
  machine_.write("sys/fs/cgroup/memory.current", "500000000\n");
  EXPECT_EQ(available(), 1.5e9);
}

TEST_F(AvailableMemory, ReadsTheFirstVersionOfControlGroups) {
  machine_.write("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/job\n");
  machine_.write("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "3000000000\n");
  machine_.write("sys/fs/cgroup/memory/job/memory.usage_in_bytes", "2000000000\n");
  machine_.write("sys/fs/cgroup/memory/job/memory.stat", "total_inactive_file 500000000\n");
  EXPECT_EQ(available(), 1.5e9);
}

TEST_F(AvailableMemory, IsLimitedByTheAddressSpace) {
  machine_.write("proc/self/limits",
                 "Limit                     Soft Limit           Hard Limit           Units\n"
                 "Max address space         1048576000           unlimited            bytes\n");
  machine_.write("proc/self/status", "VmSize:\t  512000 kB\nVmHWM:\t  1000 kB\n");
  EXPECT_EQ(available(), 1048576000 - 512000 * 1024.0);
}

TEST_F(AvailableMemory, IsNeverBelowZero) {
  machine_.write("proc/self/cgroup", "0::/\n");
  machine_.write("sys/fs/cgroup/cgroup.controllers", "memory\n");
  machine_.write("sys/fs/cgroup/memory.max", "1000\n");
  machine_.write("sys/fs/cgroup/memory.current", "2000\n");
  EXPECT_EQ(available(), 0);
}

TEST(PeakMemory, IsTheHighWaterMark) {
  FileTree machine;
  EXPECT_EQ(peak_memory(machine.root()), std::nullopt);
  machine.write("proc/self/status", "Name:\tx\nVmHWM:\t  2048 kB\n");
  EXPECT_EQ(peak_memory(machine.root()), 2048 * 1024.0);
}

TEST(PeakMemory, ResetSaysWhetherItWasPermitted) {
  FileTree machine;
  EXPECT_FALSE(reset_peak(machine.root()));
  machine.write("proc/self/clear_refs", "");
  EXPECT_TRUE(reset_peak(machine.root()));
}

}  // namespace
}  // namespace gpubench::cpu
