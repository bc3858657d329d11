#include "kernels/gemm/cuda/tile_order.cuh"

#include <algorithm>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

namespace gpubench::cuda {
namespace {

TEST(TileOrder, HasEveryTileOnce) {
  for (const TileOrder& order :
       {TileOrder{1, 1, 1, 1}, TileOrder{7, 5, 1, 3}, TileOrder{7, 5, 3, 2}, TileOrder{2, 9, 1, 8}}) {
    std::set<std::tuple<int, int, int>> seen;
    for (int tile = 0; tile < order.count(); ++tile) {
      const TilePlace place = order.at(tile);
      EXPECT_TRUE(place.row >= 0 && place.row < order.rows && place.column >= 0 && place.column < order.columns &&
                  place.part >= 0 && place.part < order.parts)
          << tile;
      seen.insert({place.row, place.column, place.part});
    }
    EXPECT_EQ(seen.size(), static_cast<std::size_t>(order.rows * order.columns * order.parts));
  }
}

// What runs at the same time: as many rows as a band has, and the columns from the first on.
TEST(TileOrder, NeighboursInTimeAreNeighboursInPlace) {
  const TileOrder order{.rows = 16, .columns = 32, .parts = 1, .band = 4};
  for (int tile = 0; tile < 16; ++tile) {
    EXPECT_LT(order.at(tile).row, 4);
    EXPECT_LT(order.at(tile).column, 4);
  }
}

TEST(Stretches, CoverAllStagesOnceAndAreAlikeInLength) {
  for (const int parts : {1, 2, 3, 7})
    for (const int stages : {7, 8, 20}) {
      int next = 0, shortest = stages, longest = 0;
      for (int part = 0; part < parts; ++part) {
        const Stretch stretch = stretch_of(part, parts, stages);
        EXPECT_EQ(stretch.first, next);
        next = stretch.end;
        shortest = std::min(shortest, stretch.end - stretch.first);
        longest = std::max(longest, stretch.end - stretch.first);
      }
      EXPECT_EQ(next, stages);
      EXPECT_LE(longest - shortest, 1);
    }
}

}  // namespace
}  // namespace gpubench::cuda
