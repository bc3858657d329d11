#pragma once

#include "harness/devices/cuda/ptx/matrix.cuh"
#include "kernels/gemm/cuda/operand_tile.cuh"

namespace gpubench::cuda {

enum class Side { a, b };

/// Reads a warp's fragments of one operand (mma.cuh says what they are) out of a stage: four registers are 16 of m or n
/// times 32 bytes of k. For a they are one fragment; for b two, of 8 each, two registers one after the other.
/// ldmatrix reads four matrices of 8 x 16 bytes: lanes 8 q to 8 q + 7 say where the rows of matrix q are.
template <class Tile, Side side>
class FragmentReader {
  static constexpr int size = static_cast<int>(sizeof(typename Tile::Element));
  static constexpr bool by_words = !Tile::rows_along_k && size == 4;

 public:
  /// @param first of m or n within the tile, a multiple of 32
  __device__ explicit FragmentReader(int first) {
    const int lane = static_cast<int>(threadIdx.x) % 32;
    if constexpr (by_words) {
      const int across = first + lane / 4, along = lane % 4;
      place_ = Tile::place(along, across / 4) + across % 4 * 4;
    } else {
      // Registers go through m or n first for a, through k first for b.
      const int matrix = lane / 8, row = lane % 8;
      const int across = side == Side::a ? matrix % 2 : matrix / 2, along = side == Side::a ? matrix / 2 : matrix % 2;
      place_ = Tile::rows_along_k ? Tile::place(first + across * 8 + row, along)
                                  : Tile::place(along * 8 + row, first / 8 + across);
    }
  }

  /// @param i which 16 of m or n, from `first` on; @param step which 32 bytes of k. Both are known at compile time: a
  /// step along a row changes bits of the part's number by xor, one across rows adds.
  __device__ __forceinline__ void read(std::uint32_t (&to)[4], const unsigned char* stage, int i, int step) const {
    if constexpr (by_words) {
#pragma unroll
      for (int r = 0; r < 4; ++r) {
        const int across = 2 * i + (side == Side::a ? r % 2 : r / 2), along = side == Side::a ? r / 2 : r % 2;
        const int place = (place_ ^ across % 4 * 32) + across / 4 * 128 + (step * 8 + along * 4) * Tile::row_bytes;
        to[r] = *reinterpret_cast<const std::uint32_t*>(stage + place);
      }
    } else if constexpr (Tile::rows_along_k) {
      ptx::ldmatrix(to, address(stage, place_ ^ step * 32) + static_cast<unsigned>(i * 16 * Tile::row_bytes));
    } else {
      ptx::ldmatrix<ptx::Order::columns>(
          to, address(stage, place_ ^ i * 32) + static_cast<unsigned>(step * 16 * Tile::row_bytes));
    }
  }

 private:
  __device__ static unsigned address(const unsigned char* stage, int place) {
    return ptx::shared_address(stage) + static_cast<unsigned>(place);
  }

  int place_;
};

}  // namespace gpubench::cuda
