#include "kernels/training/memory_plan.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "harness/core/random.hpp"

namespace gpubench::training {
namespace {

void expect_no_shared_byte(const std::vector<Lifetime>& lives, const Packing& packing) {
  for (std::size_t a = 0; a < lives.size(); ++a)
    for (std::size_t b = 0; b < a; ++b) {
      if (lives[a].last < lives[b].first || lives[b].last < lives[a].first) continue;
      const bool apart = packing.offsets[a] + lives[a].bytes <= packing.offsets[b] ||
                         packing.offsets[b] + lives[b].bytes <= packing.offsets[a];
      EXPECT_TRUE(apart) << a << " and " << b;
    }
}

TEST(MemoryPlan, BuffersThatNeverLiveTogetherShareTheirBytes) {
  const std::vector<Lifetime> lives{{1000, 0, 1}, {1000, 2, 3}, {1000, 4, 5}};
  EXPECT_EQ(pack(lives).bytes, 1024U);
}

TEST(MemoryPlan, ALastReadMeetsAFirstWriteOfTheSameNode) {
  const std::vector<Lifetime> lives{{64, 0, 1}, {64, 1, 2}};
  EXPECT_EQ(pack(lives).bytes, 128U);
}

TEST(MemoryPlan, ASmallBufferFillsTheGapBetweenTwoThatLiveOn) {
  const std::vector<Lifetime> lives{{256, 0, 9}, {256, 0, 3}, {256, 0, 9}, {128, 4, 9}};
  const Packing packing = pack(lives);
  EXPECT_EQ(packing.bytes, 768U);
  expect_no_shared_byte(lives, packing);
}

TEST(MemoryPlan, RandomLivesNeverShareAByteAndStayAligned) {
  for (std::uint64_t trial = 0; trial < 20; ++trial) {
    const Random random(trial, 0);
    std::vector<Lifetime> lives;
    std::vector<std::size_t> live_bytes(60, 0);
    for (std::uint64_t i = 0; i < 80; ++i) {
      const int first = static_cast<int>(random.bits(3 * i) % 50);
      const int last = first + static_cast<int>(random.bits(3 * i + 1) % 10);
      lives.push_back({random.bits(3 * i + 2) % 5000, first, last});
      for (int t = first; t <= last; ++t) live_bytes[static_cast<std::size_t>(t)] += lives.back().bytes;
    }
    const Packing packing = pack(lives);
    expect_no_shared_byte(lives, packing);
    for (const std::size_t offset : packing.offsets) EXPECT_EQ(offset % 64, 0U);
    const auto most = *std::max_element(live_bytes.begin(), live_bytes.end());
    EXPECT_GE(packing.bytes, most);
    EXPECT_LE(packing.bytes, 2 * most);
  }
}

}  // namespace
}  // namespace gpubench::training
