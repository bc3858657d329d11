#include "harness/environment/processor.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/harness/environment/fake_machine.hpp"

namespace gpubench {
namespace {

/// Two sockets of two cores with two threads each: CPUs 0-3 first threads, 4-7 their siblings; of these 0, 1 and 4 are
/// allowed.
class TwoSockets : public FakeMachine {
 public:
  TwoSockets();
};
TwoSockets::TwoSockets() {
  for (int cpu = 0; cpu < 8; ++cpu) {
    const std::string topology = fmt::format("sys/devices/system/cpu/cpu{}/topology/", cpu);
    put(topology + "physical_package_id", cpu % 4 < 2 ? "0\n" : "1\n");
    put(topology + "core_id", cpu % 2 == 0 ? "0\n" : "1\n");  // the same on both sockets
    put(topology + "thread_siblings_list", fmt::format("{},{}\n", cpu % 4, cpu % 4 + 4));
  }
  put("sys/devices/system/cpu/online", "0-7\n");
  put("proc/self/status", "Name:\tx\nCpus_allowed:\t13\nCpus_allowed_list:\t0-1,4\n");
  put("proc/cpuinfo", "model name\t: Intel(R) Xeon(R)\nflags\t\t: fpu avx2 avx512f amx_tile hypervisor amx_bf16 sse\n");
}

TEST(Processor, SocketsCoresAndThreadsAreThoseOfTheTopology) {
  const Processor found = capture_processor(TwoSockets().root());
  EXPECT_EQ(found.machine.sockets, 2);
  EXPECT_EQ(found.machine.cores, 4);
  EXPECT_EQ(found.machine.cpus, 8);
  EXPECT_EQ(found.model, "Intel(R) Xeon(R)");
}

TEST(Processor, OursAreThoseOfTheAffinityMask) {
  const Processor found = capture_processor(TwoSockets().root());
  EXPECT_EQ(found.allowed, "0-1,4");
  EXPECT_EQ(found.ours.sockets, 1);
  EXPECT_EQ(found.ours.cores, 2);  // 0 and 4 are siblings
  EXPECT_EQ(found.ours.cpus, 3);
}

TEST(Processor, OnlyInstructionSetsThatMatterAreNamed) {
  const Processor found = capture_processor(TwoSockets().root());
  EXPECT_EQ(found.instruction_sets, (std::vector<std::string>{"avx2", "avx512f", "amx_tile", "amx_bf16"}));
  EXPECT_TRUE(found.virtual_machine);
}

TEST(Processor, TheControlGroupsSetAndQuotaOfBothVersions) {
  const TwoSockets second;
  second.put("proc/self/cgroup", "0::/job\n");
  second.put("sys/fs/cgroup/cgroup.controllers", "cpu cpuset\n");
  second.put("sys/fs/cgroup/job/cpuset.cpus.effective", "0-1,4\n");
  second.put("sys/fs/cgroup/job/cpu.max", "150000 100000\n");
  EXPECT_EQ(capture_processor(second.root()).group_set, "0-1,4");
  EXPECT_EQ(capture_processor(second.root()).group_quota, 1.5);

  const TwoSockets first;
  first.put("proc/self/cgroup", "3:cpuset:/job\n");
  first.put("sys/fs/cgroup/cpuset/job/cpuset.effective_cpus", "0-3\n");
  EXPECT_EQ(capture_processor(first.root()).group_set, "0-3");
  EXPECT_EQ(capture_processor(first.root()).group_quota, std::nullopt);
}

TEST(Processor, NothingToReadIsNoError) {
  const Processor found = capture_processor(FakeMachine().root());
  EXPECT_EQ(found.machine.cpus, 0);
  EXPECT_EQ(found.ours.cpus, 0);
  EXPECT_TRUE(found.instruction_sets.empty());
  EXPECT_FALSE(found.virtual_machine);
}

TEST(Processor, TheMachineOfTheTestIsThere) {
  const Processor found = capture_processor();
  EXPECT_GT(found.ours.cpus, 0);
  EXPECT_GE(found.machine.cpus, found.ours.cpus);
}

TEST(ClockPolicy, IsReadWhereverTheDriverShowsIt) {
  FakeMachine intel;
  intel.put("sys/devices/system/cpu/cpufreq/policy0/scaling_governor", "powersave\n");
  intel.put("sys/devices/system/cpu/cpufreq/policy0/scaling_driver", "intel_pstate\n");
  intel.put("sys/devices/system/cpu/intel_pstate/no_turbo", "1\n");
  EXPECT_EQ(capture_clock_policy(intel.root()).governor, "powersave");
  EXPECT_EQ(capture_clock_policy(intel.root()).driver, "intel_pstate");
  EXPECT_EQ(capture_clock_policy(intel.root()).turbo, false);
  intel.put("sys/devices/system/cpu/intel_pstate/no_turbo", "0\n");
  EXPECT_EQ(capture_clock_policy(intel.root()).turbo, true);

  FakeMachine other;
  EXPECT_EQ(capture_clock_policy(other.root()).turbo, std::nullopt);
  other.put("sys/devices/system/cpu/cpufreq/boost", "1\n");
  EXPECT_EQ(capture_clock_policy(other.root()).turbo, true);
}

}  // namespace
}  // namespace gpubench
