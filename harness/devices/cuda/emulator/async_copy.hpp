#pragma once

#include <cstdint>

#include "harness/core/where.hpp"

namespace gpubench::emulator {

// cp.async. A GPU may write the destination at any time between the copy's issue and the wait for its group: it holds
// poison from the issue on, and the data lands no sooner than at the wait.

/// Copies `valid` bytes and fills up with zeros to `bytes` (4, 8 or 16), what both addresses are multiples of.
void issue_copy(const Where& where, std::uint32_t to, const void* from, unsigned bytes, unsigned valid);
void commit_copies();
/// Waits until at most `groups` of this thread's committed groups are under way.
void wait_for_copies(unsigned groups);

}  // namespace gpubench::emulator
