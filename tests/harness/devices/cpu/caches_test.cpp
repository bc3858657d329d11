#include "harness/devices/cpu/caches.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "tests/harness/devices/cpu/file_tree.hpp"

namespace gpubench::cpu {
namespace {

void write_cache(const FileTree& machine, int cpu, int index, int level, const char* size, const char* shared) {
  const std::string folder =
      "sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/cache/index" + std::to_string(index) + "/";
  machine.write(folder + "level", std::to_string(level) + "\n");
  machine.write(folder + "size", std::string(size) + "\n");
  machine.write(folder + "shared_cpu_list", std::string(shared) + "\n");
}

TEST(Caches, AreLevelTwoAndTheShareOfLevelThree) {
  const FileTree machine;
  for (const int cpu : {0, 1}) {
    write_cache(machine, cpu, 0, 1, "48K", "0");
    write_cache(machine, cpu, 2, 2, "2048K", cpu == 0 ? "0" : "1");
    write_cache(machine, cpu, 3, 3, "32M", "0-3,8-11");  // of eight
  }
  const double mib = 1024 * 1024;
  EXPECT_EQ(cache_bytes(machine.root(), std::vector{0, 1}), 2 * 2 * mib + 32 * mib / 4);
  EXPECT_EQ(cache_bytes(machine.root(), std::vector{0}), 2 * mib + 32 * mib / 8);
}

TEST(Caches, ThatAVirtualMachineCannotHaveAreCutOff) {
  const FileTree machine;
  write_cache(machine, 0, 3, 3, "491520K", "0");
  EXPECT_EQ(cache_bytes(machine.root(), std::vector{0}), 256e6);
}

TEST(Caches, OfWhichNothingIsToldAreTakenForSome) {
  const FileTree machine;
  EXPECT_EQ(cache_bytes(machine.root(), std::vector{0}), 32e6);
}

}  // namespace
}  // namespace gpubench::cpu
