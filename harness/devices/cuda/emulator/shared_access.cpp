#include "harness/devices/cuda/emulator/shared_access.hpp"

#include <fmt/format.h>

namespace gpubench::emulator {

// Rank r stands as r + 1, so that an address without a rank is told from one of rank 0.
Block& block_at(const char* instruction, const Where& where, std::uint32_t address) {
  Block& own = *current().block;
  const std::uint32_t rank = address >> rank_shift;
  if (rank == 0) return own;
  if (rank > own.cluster.size())
    fail(instruction, where, fmt::format("0x{:08x} is an address of no block of this cluster", address));
  Block& block = *own.cluster[rank - 1];
  if (block.alive == 0)
    fail(instruction, where, fmt::format("0x{:08x} is in a block of the cluster that has ended", address));
  return block;
}

unsigned char* shared_pointer(
    const char* instruction, const Where& where, std::uint32_t address, std::size_t bytes, std::size_t alignment) {
  const Block& block = block_at(instruction, where, address);
  const std::uint32_t offset = offset_in_window(address) - SharedMemory::window;
  if (address % alignment != 0)
    fail(instruction,
         where,
         fmt::format("shared address 0x{:x} (offset {}) is not a multiple of {}", address, offset, alignment));
  if (offset > block.shared.bytes() || bytes > block.shared.bytes() - offset)
    fail(instruction,
         where,
         fmt::format("{} bytes at shared address 0x{:x} (offset {}): the block has {} bytes",
                     bytes,
                     address,
                     static_cast<std::int32_t>(offset),
                     block.shared.bytes()));
  return block.shared.data() + offset;
}

std::uint32_t address_in_rank(const Where& where, std::uint32_t address, unsigned rank) {
  const std::size_t ranks = current().block->cluster.size();
  if (rank >= ranks) fail("mapa", where, fmt::format("rank {} in a cluster of {} blocks", rank, ranks));
  return offset_in_window(address) | (rank + 1) << rank_shift;
}

}  // namespace gpubench::emulator
