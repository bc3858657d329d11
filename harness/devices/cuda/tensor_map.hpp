#pragma once

#include <array>
#include <cstdint>
#include <string>

#include <cuda.h>

namespace gpubench::cuda {

/// How rows of a tile lie in shared memory so that neither rows nor columns meet in the same banks: the 16-byte parts
/// of each row change places with the row's number (PTX ISA, swizzle modes). The value is the width in bytes.
enum class Swizzle : std::uint32_t { none = 0, bytes32 = 32, bytes64 = 64, bytes128 = 128 };

/// What cp.async.bulk.tensor copies: tiles of an array of up to five dimensions, the innermost first.
struct TensorTiles {
  CUtensorMapDataType type = CU_TENSOR_MAP_DATA_TYPE_BFLOAT16;
  std::uint32_t rank = 2;
  const void* base = nullptr;              ///< a multiple of 16
  std::array<std::uint64_t, 5> sizes{};    ///< elements of the array, each 1 to 2^32
  std::array<std::uint64_t, 4> strides{};  ///< bytes from one element to the next of dimension 1, 2, …; of 16
  std::array<std::uint32_t, 5> tile{};     ///< elements, each 1 to 256; the innermost a multiple of 16 bytes
  Swizzle swizzle = Swizzle::none;         ///< the innermost dimension of a tile is as wide
};

/// Bytes of an element.
std::uint32_t element_bytes(CUtensorMapDataType type);

/// What breaks a rule of cuTensorMapEncodeTiled, whose own answer is only "invalid value"; empty if nothing does.
std::string why_invalid(const TensorTiles& tiles);

/// What a kernel is given: elements outside of the array are read as zeros and not written.
/// @throws Error for a rule that is broken, and where the driver has no such maps (before compute capability 9.0)
CUtensorMap tensor_map(const TensorTiles& tiles);

}  // namespace gpubench::cuda
