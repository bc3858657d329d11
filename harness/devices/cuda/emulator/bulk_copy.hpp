#pragma once

#include <array>
#include <cstdint>

#include <cuda.h>

#include "harness/core/where.hpp"

namespace gpubench::emulator {

// cp.async.bulk and cp.async.bulk.tensor. A copy to shared memory leaves poison at its issue and lands later, in some
// order; then its bytes are counted at the mbarrier. A store reads shared memory when it lands.

/// Copies `bytes` (a multiple of 16, as both addresses are) to shared memory of this block or of one of its cluster.
void issue_bulk_load(
    const Where& where, std::uint32_t to, const void* from, std::uint32_t bytes, std::uint32_t barrier);
void issue_bulk_store(const Where& where, void* to, std::uint32_t from, std::uint32_t bytes);

using Coordinates = std::array<std::int32_t, 5>;  ///< the innermost dimension first

/// Copies a tile to the same place in each block of the cluster whose bit is set in `blocks`, and counts its bytes at
/// the barrier of each; 0: to this block.
void issue_tensor_load(const Where& where,
                       std::uint32_t to,
                       const CUtensorMap* map,
                       std::uint32_t rank,
                       const Coordinates& at,
                       std::uint32_t barrier,
                       std::uint16_t blocks);
void issue_tensor_store(
    const Where& where, const CUtensorMap* map, std::uint32_t rank, const Coordinates& at, std::uint32_t from);

void commit_bulk_stores();
/// Waits until at most `groups` of this thread's committed groups of stores have still to write, or only to read.
void wait_for_bulk_stores(const Where& where, unsigned groups, bool only_reads);
/// fence.proxy.async: what was written by ordinary stores is seen by bulk copies.
void fence_for_bulk_copies();

}  // namespace gpubench::emulator
