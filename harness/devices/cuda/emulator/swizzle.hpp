#pragma once

#include <cstdint>

namespace gpubench::emulator {

/// Where a byte of a swizzled tile really lies: of each 16-byte part's number within its row of `width` bytes, the bits
/// are turned over by the row's number in a group of eight (PTX ISA, swizzle modes; a row of 128 bytes is named by bits
/// 7 to 9 of the address, whatever the width).
/// @param width 0, 32, 64 or 128
constexpr std::uint32_t swizzled(std::uint32_t address, std::uint32_t width) {
  const std::uint32_t parts = width / 16;
  return parts == 0 ? address : address ^ ((address >> 7 & (parts - 1)) << 4);
}

static_assert(swizzled(0x0000, 128) == 0x0000 && swizzled(0x0080, 128) == 0x0090 && swizzled(0x0390, 128) == 0x03e0);
static_assert(swizzled(0x0080, 64) == 0x0090 && swizzled(0x0200, 64) == 0x0200 && swizzled(0x0180, 32) == 0x0190);

}  // namespace gpubench::emulator
