#pragma once

#include <cstdint>

#include <cuda.h>

#include "harness/devices/cuda/tensor_map.hpp"

namespace gpubench::emulator {

/// What tensor_map() puts into the 128 bytes of a CUtensorMap when there is no driver to do it.
struct TensorImage {
  static constexpr std::uint64_t expected_mark = 0x74656e736f72;
  std::uint64_t mark;
  const unsigned char* base;
  std::uint64_t sizes_minus_1_low[3];  ///< 32 bits each, two in one
  std::uint64_t strides[4];
  std::uint16_t tile[5];
  std::uint8_t rank, bytes_of_element, swizzle;

  std::uint64_t size(std::uint32_t dimension) const {
    return (sizes_minus_1_low[dimension / 2] >> (dimension % 2 * 32) & 0xffffffff) + 1;
  }
  std::uint64_t stride(std::uint32_t dimension) const {
    return dimension == 0 ? bytes_of_element : strides[dimension - 1];
  }
  std::uint32_t tile_bytes() const {
    std::uint32_t bytes = bytes_of_element;
    for (std::uint32_t i = 0; i < rank; ++i) bytes *= tile[i];
    return bytes;
  }
};
static_assert(sizeof(TensorImage) <= sizeof(CUtensorMap));

}  // namespace gpubench::emulator
