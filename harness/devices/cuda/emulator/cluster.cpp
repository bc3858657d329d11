#include "harness/devices/cuda/emulator/cluster.hpp"

#include <fmt/format.h>

#include "harness/devices/cuda/emulator/meeting.hpp"

namespace gpubench::emulator {
namespace {

constexpr const char* give = "setmaxnreg.dec";
constexpr const char* take = "setmaxnreg.inc";

void check_registers(const char* instruction, const Where& where, unsigned registers) {
  if (registers < 24 || registers > 256 || registers % 8 != 0)
    fail(instruction, where, fmt::format("{} registers: a multiple of 8 from 24 to 256", registers));
}

void release_if_all_came(const Block& one) {
  NamedBarrier& barrier = *one.cluster_barrier;
  barrier.expected = 0;
  for (const Block* block : one.cluster) barrier.expected += block->alive;
  if (barrier.arrived < barrier.expected) return;
  barrier.arrived = 0;
  ++barrier.generation;
}

}  // namespace

void arrive_at_cluster(const Where& where) {
  Thread& thread = current();
  NamedBarrier& barrier = *thread.block->cluster_barrier;
  if (thread.arrived_at_cluster) fail("barrier.cluster.arrive", where, "a second time without a wait between");
  thread.arrived_at_cluster = true;
  thread.cluster_generation = barrier.generation;
  ++barrier.arrived;
  release_if_all_came(*thread.block);
}

void leave_cluster_barrier(const Block& block) {
  if (block.cluster_barrier->arrived > 0) release_if_all_came(block);
}

void wait_for_cluster(const Where& where) {
  constexpr const char* instruction = "barrier.cluster.wait";
  Thread& thread = current();
  NamedBarrier& barrier = *thread.block->cluster_barrier;
  if (!thread.arrived_at_cluster) fail(instruction, where, "without an arrive before");
  thread.arrived_at_cluster = false;
  while (barrier.generation == thread.cluster_generation)
    wait_for(barrier.generation, instruction, where, [&barrier] {
      return fmt::format("{} of {} threads of the cluster are there", barrier.arrived, barrier.expected);
    });
}

void give_registers(const Where& where, unsigned registers) {
  check_registers(give, where, registers);
  int nothing = 0;
  with_warpgroup(give, where, nothing, [&](const Arguments<int>&) {
    Block& block = *current().block;
    Warpgroup& group = block.warpgroups[current().linear / 128];
    if (registers > group.registers)
      fail(give, where, fmt::format("{} registers, more than the {} that it has", registers, group.registers));
    block.free_registers += (group.registers - registers) * 128;
    group.registers = registers;
    ++block.registers_freed;
  });
}

void take_registers(const Where& where, unsigned registers) {
  check_registers(take, where, registers);
  Block& block = *current().block;
  int nothing = 0;
  with_warpgroup(take, where, nothing, [&](const Arguments<int>&) {
    const unsigned has = block.warpgroups[current().linear / 128].registers;
    if (registers < has) fail(take, where, fmt::format("{} registers, less than the {} that it has", registers, has));
  });
  Warpgroup& group = block.warpgroups[current().linear / 128];
  const auto missing = [&] { return (std::int64_t{registers} - group.registers) * 128; };
  while (missing() > block.free_registers)
    wait_for(block.registers_freed, take, where, [&block, registers] {
      return fmt::format("{} registers for each thread of the warpgroup; {} are free", registers, block.free_registers);
    });
  // The first of the 128 threads to see that there are enough takes them for all.
  if (group.registers >= registers) return;
  block.free_registers -= missing();
  group.registers = registers;
}

}  // namespace gpubench::emulator
