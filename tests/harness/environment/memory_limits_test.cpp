#include "harness/environment/memory_limits.hpp"

#include <gtest/gtest.h>

#include "tests/harness/environment/fake_machine.hpp"

namespace gpubench {
namespace {

TEST(MemoryLimits, AreReadFromTheKernelsFiles) {
  FakeMachine machine;
  machine.put("proc/meminfo", "MemTotal: 16000000 kB\nMemFree: 1 kB\nMemAvailable:  8000000 kB\n");
  machine.put("proc/self/status", "Mems_allowed:\t3\nMems_allowed_list:\t0-1\n");
  machine.put("proc/self/limits",
              "Limit                     Soft Limit           Hard Limit           Units     \n"
              "Max address space         8388608              unlimited            bytes     \n");
  machine.put("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
  machine.put("sys/devices/system/node/online", "0-2\n");
  machine.put("sys/devices/system/node/node0/meminfo", "Node 0 MemTotal:       8000000 kB\n");
  machine.put("sys/devices/system/node/node0/cpulist", "0-3\n");
  machine.put("sys/devices/system/node/node1/meminfo", "Node 1 MemTotal:       4000000 kB\n");
  machine.put("sys/devices/system/node/node1/cpulist", "4-7\n");
  machine.put("sys/devices/system/node/node2/meminfo", "Node 2 MemTotal:       0 kB\n");
  const MemoryLimits limits = capture_memory_limits(machine.root());
  EXPECT_EQ(limits.total, 16000000 * 1024.0);
  EXPECT_EQ(limits.available, 8000000 * 1024.0);
  EXPECT_EQ(limits.address_space, 8388608);
  EXPECT_EQ(limits.huge_pages, "madvise");
  EXPECT_EQ(limits.allowed_nodes, "0-1");
  ASSERT_EQ(limits.nodes.size(), 2U);  // one without memory is none
  EXPECT_EQ(limits.nodes[1].bytes, 4000000 * 1024.0);
  EXPECT_EQ(limits.nodes[1].cpus, "4-7");
  EXPECT_EQ(limits.group_limit, std::nullopt);
}

TEST(MemoryLimits, TheSmallestOfAGroupAndThoseAboveHolds) {
  FakeMachine machine;
  machine.put("proc/self/cgroup", "0::/pod/job\n");
  machine.put("sys/fs/cgroup/cgroup.controllers", "memory\n");
  machine.put("sys/fs/cgroup/pod/job/memory.max", "4000000000\n");
  machine.put("sys/fs/cgroup/pod/job/memory.current", "100000000\n");
  machine.put("sys/fs/cgroup/pod/memory.max", "3000000000\n");
  machine.put("sys/fs/cgroup/pod/memory.current", "2500000000\n");
  machine.put("sys/fs/cgroup/pod/memory.stat", "anon 1\ninactive_file 500000000\n");
  machine.put("sys/fs/cgroup/memory.max", "max\n");
  const MemoryLimits limits = capture_memory_limits(machine.root());
  EXPECT_EQ(limits.group_limit, 3e9);
  EXPECT_EQ(limits.group_used, 2e9);
}

TEST(MemoryLimits, VersionOneSaysUnlimitedByAHugeNumber) {
  FakeMachine machine;
  machine.put("proc/self/cgroup", "4:memory:/job\n");
  machine.put("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_EQ(capture_memory_limits(machine.root()).group_limit, std::nullopt);
  machine.put("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "2000000000\n");
  machine.put("sys/fs/cgroup/memory/job/memory.usage_in_bytes", "700000000\n");
  machine.put("sys/fs/cgroup/memory/job/memory.stat", "inactive_file 1\ntotal_inactive_file 200000000\n");
  EXPECT_EQ(capture_memory_limits(machine.root()).group_limit, 2e9);
  EXPECT_EQ(capture_memory_limits(machine.root()).group_used, 5e8);
}

TEST(MemoryLimits, UnlimitedAddressSpaceIsNoLimit) {
  FakeMachine machine;
  machine.put("proc/self/limits", "Max address space         unlimited            unlimited            bytes\n");
  EXPECT_EQ(capture_memory_limits(machine.root()).address_space, std::nullopt);
}

TEST(MemoryLimits, NothingToReadIsNoError) {
  const MemoryLimits limits = capture_memory_limits(FakeMachine().root());
  EXPECT_EQ(limits.total, 0);
  EXPECT_EQ(limits.huge_pages, "");
  EXPECT_TRUE(limits.nodes.empty());
}

}  // namespace
}  // namespace gpubench
