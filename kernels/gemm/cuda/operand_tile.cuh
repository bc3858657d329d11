#pragma once

#include <algorithm>

#include "harness/devices/cuda/ptx/cp_async.cuh"
#include "harness/devices/cuda/ptx/global.cuh"

namespace gpubench::cuda {

/// Of an operand what one stage holds: `wide` of m or n times `deep` of k, in rows as the matrix has them: along k, or
/// along m or n. A row is parts of 16 bytes; in which order they lie changes from row to row, so that what one
/// instruction reads of several rows is in different banks.
template <class T, bool along_k, int wide, int deep>
struct OperandTile {
  static constexpr int rows = along_k ? wide : deep;
  static constexpr int row_bytes = (along_k ? deep : wide) * static_cast<int>(sizeof(T));
  static constexpr int bytes = rows * row_bytes;
  static constexpr int parts = row_bytes / 16, each = 16 / static_cast<int>(sizeof(T));
  static constexpr int depth = deep;
  static constexpr bool rows_along_k = along_k;
  using Element = T;
  static_assert(parts % 4 == 0 && bytes % 128 == 0);

  /// ldmatrix reads one part of eight rows. ldmatrix cannot turn elements of 32 bits: they are read as words, of each
  /// of four rows eight that lie beside each other.
  static constexpr int turn(int row) {
    if (!along_k && sizeof(T) == 4) return row % 4 * 2;
    return parts >= 8 ? row % 8 : row / 2 % 4;
  }
  static constexpr int place(int row, int part) { return row * row_bytes + (part ^ turn(row)) * 16; }
};

/// How many bytes one copy moves: known beforehand, or found out by the host.
enum class Copies { vectors, any };

/// Fills one operand's part of the stages, one after the other; of all threads each has some of its parts of 16 bytes.
/// What lies outside of the matrix, or behind the block's stretch of k, becomes 0.
template <class Tile, int threads>
class OperandCopier {
  using T = typename Tile::Element;
  static constexpr int apart = threads / Tile::parts;  // rows from one part of a thread to its next
  static_assert(threads % Tile::parts == 0 && Tile::rows % apart == 0);
  static_assert(Tile::turn(apart) == 0 && Tile::turn(2 * apart) == 0, "parts of a thread lie alike in their rows");

 public:
  /// @param first of m or n
  /// @param across how many there are from `first` on
  /// @param along how many of k there are from `k_first` on
  __device__ OperandCopier(const T* matrix, std::int64_t pitch, int first, int across, int k_first, int along) {
    const int row = static_cast<int>(threadIdx.x) / Tile::parts, part = static_cast<int>(threadIdx.x) % Tile::parts;
    to_ = Tile::place(row, part);
    rows_apart_ = apart * pitch;
    if constexpr (Tile::rows_along_k) {
      from_ = matrix + (std::int64_t{first} + row) * pitch + k_first + part * Tile::each;
      rows_left_ = across - row;
      elements_left_ = along - part * Tile::each;
      next_stage_ = Tile::depth;
    } else {
      from_ = matrix + (std::int64_t{k_first} + row) * pitch + first + part * Tile::each;
      rows_left_ = along - row;
      elements_left_ = across - part * Tile::each;
      next_stage_ = Tile::depth * pitch;
    }
  }

  /// Fills the next stage. @param width bytes of one copy, where they are not `vectors`: 16, 4, or one element
  template <Copies copies>
  __device__ __forceinline__ void fill(unsigned char* stage, int width) {
    constexpr int each = Tile::each;
    const int here = std::clamp(elements_left_, 0, each);
    unsigned char* const to = stage + to_;
    if constexpr (copies == Copies::vectors) {
#pragma unroll
      for (int i = 0; i < Tile::rows / apart; ++i)
        ptx::cp_async_16(ptx::shared_address(to) + static_cast<unsigned>(i * apart * Tile::row_bytes),
                         from_ + i * rows_apart_,
                         valid_bytes(i, here));
    } else {
#pragma unroll 1
      for (int i = 0; i < Tile::rows / apart; ++i)
        copy_part(to + i * apart * Tile::row_bytes, from_ + i * rows_apart_, valid_bytes(i, here), width);
    }
    from_ += next_stage_;
    (Tile::rows_along_k ? elements_left_ : rows_left_) -= Tile::depth;
  }

 private:
  __device__ __forceinline__ unsigned valid_bytes(int i, int here) const {
    return i * apart < rows_left_ ? static_cast<unsigned>(here) * static_cast<unsigned>(sizeof(T)) : 0;
  }

  __device__ static void copy_part(unsigned char* to, const T* from, unsigned valid, int width) {
    if (width == 16) {
      ptx::cp_async_16(ptx::shared_address(to), from, valid);
    } else if (width == 4) {
#pragma unroll
      for (unsigned i = 0; i < 16; i += 4)
        ptx::cp_async<4>(ptx::shared_address(to) + i, from + i / sizeof(T), valid > i ? std::min(valid - i, 4U) : 0U);
    } else {
      ptx::Vector<T> part;
#pragma unroll
      for (int i = 0; i < Tile::each; ++i) part.at[i] = i * sizeof(T) < valid ? from[i] : T{};
      *reinterpret_cast<ptx::Vector<T>*>(to) = part;
    }
  }

  const T* from_;
  std::int64_t rows_apart_, next_stage_;
  int to_, rows_left_, elements_left_;
};

}  // namespace gpubench::cuda
