#pragma once

#include <cstdint>

#include "harness/devices/cuda/emulator/block.hpp"

namespace gpubench::emulator {

// Addresses in the shared window, as instructions take them. The upper bits name the block of a cluster: 0 is one's own
// until mapa has put a rank there.

inline constexpr std::uint32_t rank_shift = 24;

/// The block whose memory an address is in. @throws Fault where the cluster has no such block
Block& block_at(const char* instruction, const Where& where, std::uint32_t address);

/// The address within its block.
inline std::uint32_t offset_in_window(std::uint32_t address) { return address & ((1U << rank_shift) - 1); }

/// `bytes` bytes at an address that is a multiple of `alignment`. @throws Fault for any others, naming the address
unsigned char* shared_pointer(
    const char* instruction, const Where& where, std::uint32_t address, std::size_t bytes, std::size_t alignment);

/// The address of the same place in the block of this rank of the cluster (mapa).
std::uint32_t address_in_rank(const Where& where, std::uint32_t address, unsigned rank);

}  // namespace gpubench::emulator
