#include "harness/devices/cuda/emulator/phase_barrier.hpp"

#include <cstring>

#include <fmt/format.h>

#include "harness/devices/cuda/emulator/shared_access.hpp"

namespace gpubench::emulator {
namespace {

constexpr std::int64_t most_bytes = (1 << 20) - 1;      // of tx-count (PTX ISA)
constexpr std::uint32_t most_arrivals = (1 << 20) - 1;  // of the pending count

/// What stands in shared memory where an mbarrier is.
std::uint64_t mark(std::uint32_t offset) { return 0x6d62617272000000U << 8 | offset; }

void complete_if_all_came(PhaseBarrier& barrier) {
  if (barrier.pending > 0 || barrier.bytes_outstanding != 0) return;
  barrier.pending = barrier.count;
  ++barrier.phase;
}

std::string state_of(const PhaseBarrier& barrier, std::uint32_t address, std::uint32_t parity) {
  return fmt::format("mbarrier at 0x{:x}, phase of parity {}: {} of {} arrivals missing, {} bytes outstanding",
                     address,
                     parity,
                     barrier.pending,
                     barrier.count,
                     barrier.bytes_outstanding);
}

PhaseBarrier& barrier_at(const char* instruction, const Where& where, std::uint32_t address) {
  return barrier_at(instruction, where, block_at(instruction, where, address), offset_in_window(address));
}

}  // namespace

void init_barrier(const Where& where, std::uint32_t address, std::uint32_t count) {
  constexpr const char* instruction = "mbarrier.init";
  unsigned char* memory = shared_pointer(instruction, where, address, 8, 8);
  if (count == 0 || count > most_arrivals) fail(instruction, where, fmt::format("a count of {}", count));
  const std::uint64_t there = mark(offset_in_window(address));
  if (current().block->phase_barriers.contains(offset_in_window(address)) && std::memcmp(memory, &there, 8) == 0)
    fail(instruction, where, fmt::format("there is an mbarrier at 0x{:x} already", address));
  std::memcpy(memory, &there, sizeof there);
  current().block->phase_barriers[offset_in_window(address)] = {.count = count, .pending = count};
}

PhaseBarrier& barrier_at(const char* instruction, const Where& where, Block& block, std::uint32_t offset_in_window) {
  const auto found = block.phase_barriers.find(offset_in_window);
  if (found == block.phase_barriers.end())
    fail(instruction, where, fmt::format("there is no initialised mbarrier at 0x{:x}", offset_in_window));
  std::uint64_t there = 0;
  std::memcpy(&there, block.shared.data() + offset_in_window - SharedMemory::window, sizeof there);
  if (there != mark(offset_in_window))
    fail(instruction, where, fmt::format("the mbarrier at 0x{:x} was overwritten", offset_in_window));
  return found->second;
}

void announce_barriers() {
  for (auto& [offset, barrier] : current().block->phase_barriers) barrier.announced = true;
}

void invalidate_barrier(const Where& where, std::uint32_t address) {
  barrier_at("mbarrier.inval", where, address);
  current().block->phase_barriers.erase(offset_in_window(address));
}

void check_announced(const char* instruction, const Where& where, const PhaseBarrier& barrier) {
  if (!barrier.announced)
    fail(instruction, where, "the mbarrier was initialised and no fence.mbarrier_init has been executed since");
}

void arrive(const char* instruction, const Where& where, std::uint32_t address, std::uint32_t bytes) {
  maybe_yield();
  PhaseBarrier& barrier = barrier_at(instruction, where, address);
  if (&block_at(instruction, where, address) != current().block) check_announced(instruction, where, barrier);
  barrier.bytes_outstanding += bytes;
  if (barrier.bytes_outstanding > most_bytes)
    fail(instruction, where, fmt::format("{} bytes outstanding, at most {}", barrier.bytes_outstanding, most_bytes));
  if (--barrier.pending < 0)
    fail(instruction,
         where,
         fmt::format("more arrivals than the {} it was initialised for, in one phase (mbarrier at 0x{:x})",
                     barrier.count,
                     address));
  complete_if_all_came(barrier);
}

void complete_bytes(PhaseBarrier& barrier, std::int64_t bytes) {
  barrier.bytes_outstanding -= bytes;
  complete_if_all_came(barrier);
}

void wait_for_phase(const Where& where, std::uint32_t address, std::uint32_t parity) {
  constexpr const char* instruction = "mbarrier.try_wait.parity";
  if (parity > 1) fail(instruction, where, fmt::format("a parity of {}: 0 or 1", parity));
  maybe_yield();
  const PhaseBarrier& barrier = barrier_at(instruction, where, address);
  // Looked up each time: it may have been overwritten meanwhile.
  while ((barrier_at(instruction, where, address).phase & 1) == parity)
    wait_for(
        barrier.phase, instruction, where, [&barrier, address, parity] { return state_of(barrier, address, parity); });
}

}  // namespace gpubench::emulator
