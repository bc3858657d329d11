#pragma once

#include <cstdint>

#include "harness/devices/cuda/emulator/block.hpp"

namespace gpubench::emulator {

// mbarrier: a phase is complete when all arrivals and all announced bytes have come (PTX ISA, mbarrier). Addresses are
// of the shared window; arrivals and bytes may be for a barrier of another block of the cluster.

void init_barrier(const Where& where, std::uint32_t address, std::uint32_t count);
/// fence.mbarrier_init: those that this block has initialised.
void announce_barriers();
void invalidate_barrier(const Where& where, std::uint32_t address);
/// Announces bytes to the current phase (mbarrier.expect_tx), then arrives.
void arrive(const char* instruction, const Where& where, std::uint32_t address, std::uint32_t bytes);
void wait_for_phase(const Where& where, std::uint32_t address, std::uint32_t parity);

/// The barrier at an address of a block. @throws Fault where none was initialised or it was overwritten
PhaseBarrier& barrier_at(const char* instruction, const Where& where, Block& block, std::uint32_t offset_in_window);
/// @throws Fault where it was initialised and not announced: other than threads of the block may not know it yet
void check_announced(const char* instruction, const Where& where, const PhaseBarrier& barrier);
/// Bytes have landed: called by copies, in no thread.
void complete_bytes(PhaseBarrier& barrier, std::int64_t bytes);

}  // namespace gpubench::emulator
