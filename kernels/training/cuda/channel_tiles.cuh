#pragma once

#include <algorithm>
#include <cstdint>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "kernels/training/cuda/dispatch.cuh"
#include "kernels/training/tensor.hpp"

// How the blocks of a kernel share an image of channels last, a matrix of n * h * w rows and c columns: each has a tile
// of channels and a slab of rows. In a block, vectors of channels lie `across` and rows `down`, so that a thread keeps
// its channels and what belongs to them in registers while it goes down its rows, and a block reads whole lines of
// memory also where there are few channels.

namespace gpubench::cuda {

inline constexpr int channel_threads = 256;

struct ChannelTiles {
  std::int64_t rows, channels, rows_of_slab;
  int across, down;
  unsigned tiles, slabs;

  dim3 grid() const { return {tiles, slabs, 1}; }
};

/// @param shape {n, c, h, w}   @param size channels of a vector   @throws Error where the shape is not positive
inline ChannelTiles channel_tiles(const training::Shape& shape, std::int64_t size) {
  // Four for each multiprocessor of an H100; the same everywhere, so that sums are too. With fewer than eight
  // rows a thread would spend more on its channels than on its rows.
  constexpr std::int64_t most_blocks = 528, least_rows = 8;
  if (shape.size() != 4 || *std::min_element(shape.begin(), shape.end()) < 1)
    throw Error("an image has a size that it cannot have");
  const std::int64_t rows = shape[0] * shape[2] * shape[3], vectors = (shape[1] + size - 1) / size;
  const std::int64_t tiles = (vectors + 31) / 32, across = (vectors + tiles - 1) / tiles,
                     down = channel_threads / across;
  const std::int64_t most_slabs = std::max<std::int64_t>(1, std::min(most_blocks / tiles, rows / (down * least_rows)));
  const std::int64_t rows_of_slab = (rows + most_slabs - 1) / most_slabs;
  return {.rows = rows,
          .channels = shape[1],
          .rows_of_slab = rows_of_slab,
          .across = static_cast<int>(across),
          .down = static_cast<int>(down),
          .tiles = static_cast<unsigned>(tiles),
          .slabs = static_cast<unsigned>((rows + rows_of_slab - 1) / rows_of_slab)};
}

/// Bytes of two FP32 numbers for each slab and channel. @throws as channel_tiles()
inline std::size_t bytes_of_two_sums(const training::Shape& shape, training::Type type) {
  std::size_t bytes = 0;
  with_type(type, [&]<class T>(T* /*type*/) {
    const ChannelTiles tiles = channel_tiles(shape, ptx::Vector<T>::size);
    bytes = sizeof(float) * 2 * tiles.slabs * static_cast<std::size_t>(tiles.channels);
  });
  return bytes;
}

/// What a thread has of it: from row `begin + slot` on every `down`th one before `end`.
struct ChannelPart {
  int slot, column;             ///< column: its first one of the block's tile
  std::int64_t channel, there;  ///< its first channel, and how many there are from it on; none: no work
  std::int64_t begin, end;
};

template <int size>
__device__ __forceinline__ ChannelPart channel_part(const ChannelTiles& tiles) {
  const int slot = static_cast<int>(threadIdx.x) / tiles.across;
  const int column = static_cast<int>(threadIdx.x) % tiles.across * size;
  const std::int64_t channel = std::int64_t{blockIdx.x} * tiles.across * size + column;
  const std::int64_t begin = blockIdx.y * tiles.rows_of_slab, end = begin + tiles.rows_of_slab;
  return {.slot = slot,
          .column = column,
          .channel = channel,
          .there = slot < tiles.down ? tiles.channels - channel : 0,
          .begin = begin,
          .end = end < tiles.rows ? end : tiles.rows};
}

/// Rows of the part that a slot has.
__device__ __forceinline__ float rows_of_slot(const ChannelTiles& tiles, const ChannelPart& part, int slot) {
  const std::int64_t rows = part.end - part.begin - slot;
  return rows <= 0 ? 0.0F : static_cast<float>((rows + tiles.down - 1) / tiles.down);
}

/// For the values of all threads: those of a column, slot by slot.
template <int size>
struct ChannelColumns {
  float of[channel_threads * size];

  __device__ float& at(const ChannelTiles& tiles, int slot, int column) {
    return of[slot * tiles.across * size + column];
  }
};

}  // namespace gpubench::cuda
