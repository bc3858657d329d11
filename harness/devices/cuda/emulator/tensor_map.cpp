#include "harness/devices/cuda/tensor_map.hpp"

#include <cstring>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/emulator/tensor_image.hpp"

// In place of the driver's: see harness/devices/cuda/tensor_map.cpp.
namespace gpubench::cuda {

CUtensorMap tensor_map(const TensorTiles& tiles) {
  if (const std::string reason = why_invalid(tiles); !reason.empty()) throw Error(reason);
  emulator::TensorImage image{};
  image.mark = emulator::TensorImage::expected_mark;
  image.base = static_cast<const unsigned char*>(tiles.base);
  image.rank = static_cast<std::uint8_t>(tiles.rank);
  image.bytes_of_element = static_cast<std::uint8_t>(element_bytes(tiles.type));
  image.swizzle = static_cast<std::uint8_t>(tiles.swizzle);
  for (std::uint32_t i = 0; i < tiles.rank; ++i) {
    image.sizes_minus_1_low[i / 2] |= (tiles.sizes[i] - 1) << (i % 2 * 32);
    image.tile[i] = static_cast<std::uint16_t>(tiles.tile[i]);
    if (i > 0) image.strides[i - 1] = tiles.strides[i - 1];
  }
  CUtensorMap map{};
  std::memcpy(&map, &image, sizeof image);
  return map;
}

}  // namespace gpubench::cuda
