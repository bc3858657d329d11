#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/tensor_map.hpp"

namespace gpubench::cuda {

std::uint32_t element_bytes(CUtensorMapDataType type) {
  switch (type) {
    case CU_TENSOR_MAP_DATA_TYPE_UINT8: return 1;
    case CU_TENSOR_MAP_DATA_TYPE_UINT16:
    case CU_TENSOR_MAP_DATA_TYPE_FLOAT16:
    case CU_TENSOR_MAP_DATA_TYPE_BFLOAT16: return 2;
    case CU_TENSOR_MAP_DATA_TYPE_UINT64:
    case CU_TENSOR_MAP_DATA_TYPE_INT64:
    case CU_TENSOR_MAP_DATA_TYPE_FLOAT64: return 8;
    case CU_TENSOR_MAP_DATA_TYPE_UINT32:
    case CU_TENSOR_MAP_DATA_TYPE_INT32:
    case CU_TENSOR_MAP_DATA_TYPE_FLOAT32:
    case CU_TENSOR_MAP_DATA_TYPE_FLOAT32_FTZ:
    case CU_TENSOR_MAP_DATA_TYPE_TFLOAT32:
    case CU_TENSOR_MAP_DATA_TYPE_TFLOAT32_FTZ: return 4;
    default: throw Error("a tensor map of elements that are no whole bytes");
  }
}

// CUDA Driver API, cuTensorMapEncodeTiled, for no interleaving and element strides of 1.
std::string why_invalid(const TensorTiles& tiles) {
  constexpr std::uint64_t most_elements = std::uint64_t{1} << 32, most_stride = std::uint64_t{1} << 40;
  if (tiles.rank < 1 || tiles.rank > 5) return fmt::format("a tensor map has 1 to 5 dimensions, not {}", tiles.rank);
  if (tiles.base == nullptr || reinterpret_cast<std::uintptr_t>(tiles.base) % 16 != 0)
    return "a tensor begins at a multiple of 16 bytes";
  for (std::uint32_t i = 0; i < tiles.rank; ++i) {
    if (tiles.sizes[i] < 1 || tiles.sizes[i] > most_elements)
      return fmt::format("dimension {} has 1 to 2^32 elements, not {}", i, tiles.sizes[i]);
    if (tiles.tile[i] < 1 || tiles.tile[i] > 256)
      return fmt::format("a tile has 1 to 256 elements in dimension {}, not {}", i, tiles.tile[i]);
    if (i + 1 < tiles.rank && (tiles.strides[i] % 16 != 0 || tiles.strides[i] >= most_stride))
      return fmt::format(
          "the stride of dimension {} is a multiple of 16 bytes below 2^40, not {}", i + 1, tiles.strides[i]);
  }
  const std::uint32_t row = tiles.tile[0] * element_bytes(tiles.type),
                      swizzle = static_cast<std::uint32_t>(tiles.swizzle);
  if (row % 16 != 0) return fmt::format("a row of a tile is a multiple of 16 bytes, not {}", row);
  // A narrower row would lie in shared memory with gaps, which nothing here expects.
  if (swizzle != 0 && row != swizzle)
    return fmt::format("a row of a tile has {} bytes, and the swizzle {}", row, swizzle);
  return "";
}

}  // namespace gpubench::cuda
