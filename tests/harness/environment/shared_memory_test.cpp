#include "harness/environment/shared_memory.hpp"

#include <gtest/gtest.h>

#include "tests/harness/environment/fake_machine.hpp"

namespace gpubench {
namespace {

TEST(SharedMemory, IsWhatTheContainerWasGiven) {
  FakeMachine machine;
  machine.put("proc/self/mounts",
              "overlay / overlay rw 0 0\n"
              "shm /dev/shm tmpfs rw,nosuid,nodev,noexec,relatime,size=65536k,inode64 0 0\n"
              "tmpfs /run tmpfs rw,size=1k 0 0\n");
  machine.put("proc/self/limits",
              "Limit                     Soft Limit           Hard Limit           Units     \n"
              "Max locked memory         8388608              unlimited            bytes     \n");
  const SharedMemory memory = capture_shared_memory(machine.root());
  EXPECT_EQ(memory.bytes, 64 << 20);
  EXPECT_EQ(memory.locked, 8388608);
}

TEST(SharedMemory, WithoutASizeIsHalfOfTheMemory) {
  FakeMachine machine;
  machine.put("proc/meminfo", "MemTotal: 16000000 kB\n");
  machine.put("proc/self/mounts", "tmpfs /dev/shm tmpfs rw,nosuid,nodev 0 0\n");
  EXPECT_EQ(capture_shared_memory(machine.root()).bytes, 8000000 * 1024.0);
}

TEST(SharedMemory, OfTwoMountsTheLastIsSeen) {
  FakeMachine machine;
  machine.put("proc/self/mounts", "shm /dev/shm tmpfs rw,size=65536k 0 0\ntmpfs /dev/shm tmpfs rw,size=1048576k 0 0\n");
  EXPECT_EQ(capture_shared_memory(machine.root()).bytes, 1 << 30);
}

TEST(SharedMemory, NoLimitAndNoFileSystemAreNone) {
  FakeMachine machine;
  machine.put("proc/self/mounts", "overlay / overlay rw 0 0\n");
  machine.put("proc/self/limits", "Max locked memory         unlimited            unlimited            bytes\n");
  EXPECT_EQ(capture_shared_memory(machine.root()).bytes, std::nullopt);
  EXPECT_EQ(capture_shared_memory(machine.root()).locked, std::nullopt);
  EXPECT_EQ(capture_shared_memory(FakeMachine().root()).bytes, std::nullopt);
}

}  // namespace
}  // namespace gpubench
