#include "harness/environment/host.hpp"

#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>

#include "tests/reports/files.hpp"

namespace gpubench {
namespace {

/// A machine made of files.
class FakeMachine {
 public:
  void put(const std::string& path, const std::string& text) {
    std::filesystem::create_directories((folder_ / path).parent_path());
    write_file(folder_ / path, text);
  }
  Host host() const { return capture_host(folder_ / ""); }

 private:
  TemporaryFolder folder_;
};

TEST(Host, IsReadFromTheKernelsFiles) {
  FakeMachine machine;
  machine.put("proc/cpuinfo",
              "processor\t: 0\nmodel name\t: Intel(R) Xeon(R)\ncpu MHz\t\t: 2600.123\n\nprocessor\t: 1\n");
  machine.put("proc/meminfo", "MemTotal:        8000000 kB\nMemFree:  1 kB\n");
  machine.put("proc/loadavg", "0.50 0.25 0.125 1/100 4242\n");
  machine.put("sys/devices/system/cpu/online", "0-3,8\n");
  for (const char* node : {"node0", "node1", "node10", "power"})
    machine.put(std::string("sys/devices/system/node/") + node + "/meminfo", "");
  machine.put("etc/os-release", "NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
  const Host host = machine.host();
  EXPECT_EQ(host.cpu_model, "Intel(R) Xeon(R)");
  EXPECT_EQ(host.logical_cpus, 5);
  EXPECT_DOUBLE_EQ(host.mhz, 2600.123);
  EXPECT_DOUBLE_EQ(host.memory_bytes, 8.192e9);
  EXPECT_EQ(host.load_average, (std::vector<double>{0.5, 0.25, 0.125}));
  EXPECT_EQ(host.numa_nodes, 3);
  EXPECT_EQ(host.operating_system, "Debian GNU/Linux 12 (bookworm)");
  EXPECT_EQ(host.governor, "");
  EXPECT_FALSE(host.frequency_scaling);
}

TEST(Host, CachesAreThoseOfTheFirstProcessor) {
  FakeMachine machine;
  const std::string cache = "sys/devices/system/cpu/cpu0/cache/index3/";
  machine.put(cache + "type", "Unified\n");
  machine.put(cache + "level", "3\n");
  machine.put(cache + "size", "491520K\n");
  machine.put(cache + "shared_cpu_map", "00000000,0000ff03\n");
  machine.put("sys/devices/system/cpu/cpu0/cache/uevent", "");
  const Host host = machine.host();
  ASSERT_EQ(host.caches.size(), 1);
  EXPECT_EQ(host.caches[0].type, "Unified");
  EXPECT_EQ(host.caches[0].level, 3);
  EXPECT_EQ(host.caches[0].bytes, 503316480);
  EXPECT_EQ(host.caches[0].sharing, 10);
}

TEST(Host, GovernorsAreEachNamedOnceAndOnlyPerformanceIsNoScaling) {
  FakeMachine machine;
  const std::string policy = "sys/devices/system/cpu/cpufreq/policy";
  machine.put(policy + "0/scaling_governor", "performance\n");
  machine.put(policy + "1/scaling_governor", "performance\n");
  EXPECT_EQ(machine.host().governor, "performance");
  EXPECT_FALSE(machine.host().frequency_scaling);
  machine.put(policy + "2/scaling_governor", "powersave\n");
  EXPECT_EQ(machine.host().governor, "performance, powersave");
  EXPECT_TRUE(machine.host().frequency_scaling);
}

TEST(Host, AProcessorWithoutANameIsCalledByTheFirmwaresOrItsKind) {
  FakeMachine machine;
  machine.put("proc/cpuinfo", "processor\t: 0\nCPU implementer\t: 0x41\n");
  EXPECT_FALSE(machine.host().cpu_model.empty());
  machine.put("sys/firmware/devicetree/base/model", "Raspberry Pi 5");
  EXPECT_EQ(machine.host().cpu_model, "Raspberry Pi 5");
}

TEST(Host, NothingToReadIsNoError) {
  const Host host = FakeMachine().host();
  EXPECT_GT(host.logical_cpus, 0);
  EXPECT_GT(host.usable_cpus, 0);
  EXPECT_EQ(host.memory_bytes, 0);
  EXPECT_TRUE(host.caches.empty());
}

TEST(Host, TheMachineOfTheTestIsThere) {
  const Host host = capture_host();
  EXPECT_FALSE(host.name.empty());
  EXPECT_FALSE(host.cpu_model.empty());
  EXPECT_FALSE(host.kernel.empty());
  EXPECT_GE(host.logical_cpus, host.usable_cpus);
  EXPECT_GT(host.memory_bytes, 1e8);
}

TEST(Host, IsCapturedInMilliseconds) {
  using Clock = std::chrono::steady_clock;
  Clock::duration fastest = std::chrono::hours(1);
  for (int i = 0; i < 10; ++i) {  // of several: other processes want the machine too
    const auto start = Clock::now();
    (void)capture_host();
    fastest = std::min(fastest, Clock::now() - start);
  }
  EXPECT_LT(fastest, std::chrono::milliseconds(5));
}

}  // namespace
}  // namespace gpubench
