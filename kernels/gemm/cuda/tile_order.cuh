#pragma once

#include "harness/devices/cuda/ptx/language.cuh"

namespace gpubench::cuda {

/// A tile of c by its place among tiles, and which part of the sums over k.
struct TilePlace {
  int row, column, part;
};

/// The order in which blocks take tiles. Blocks that run at the same time have tiles that lie beside each other, in
/// bands of `band` rows of tiles through which columns go one after the other: together they read few rows of a and few
/// columns of b, which stay in L2 until the next ones want them. Parts of the sums are the slowest.
struct TileOrder {
  int rows, columns, parts, band;

  __host__ __device__ int count() const { return rows * columns * parts; }
  __host__ __device__ TilePlace at(int tile) const {
    const int in_part = tile % (rows * columns), per_band = band * columns;
    const int first = in_part / per_band * band, within = in_part % per_band;
    const int height = rows - first < band ? rows - first : band;  // the last band may be lower
    return {first + within % height, within / height, tile / (rows * columns)};
  }
};

/// Where along k a part begins and ends, in stages: the first ones have one more where they cannot be equal.
struct Stretch {
  int first, end;
};
__host__ __device__ inline Stretch stretch_of(int part, int parts, int stages) {
  const int each = stages / parts, more = stages % parts;
  const int first = part * each + (part < more ? part : more);
  return {first, first + each + (part < more ? 1 : 0)};
}

}  // namespace gpubench::cuda
