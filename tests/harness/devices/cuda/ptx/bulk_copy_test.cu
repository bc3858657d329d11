#include <numeric>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "harness/devices/cuda/ptx/barrier.cuh"
#include "harness/devices/cuda/ptx/bulk_copy.cuh"
#include "harness/devices/cuda/ptx/cluster.cuh"
#include "harness/devices/cuda/tensor_map.hpp"
#include "tests/harness/devices/cuda/device_test.hpp"

namespace gpubench::device_tests {
namespace {

using Word = std::uint16_t;

std::vector<Word> counting(std::size_t count) {
  std::vector<Word> values(count);
  std::iota(values.begin(), values.end(), Word{1});
  return values;
}

constexpr unsigned columns = 64, rows = 16, tile = columns * rows;  // 128 bytes a row
struct Tiles {
  alignas(1024) Word at[tile];
  ptx::Barrier full;
};

cuda::TensorTiles tiles_of(
    const Word* base, std::uint64_t width, std::uint64_t height, std::uint32_t across, cuda::Swizzle swizzle) {
  return {.type = CU_TENSOR_MAP_DATA_TYPE_UINT16,
          .rank = 2,
          .base = base,
          .sizes = {width, height},
          .strides = {width * sizeof(Word)},
          .tile = {across, rows},
          .swizzle = swizzle};
}

// Brings a tile, and gives shared memory as it is.
__global__ void load_kernel(const __grid_constant__ CUtensorMap map, Word* to, unsigned words, int x, int y) {
  auto& shared = ptx::shared_memory<Tiles>();
  if (threadIdx.x == 0) {
    ptx::mbarrier_init(shared.full, 1);
    ptx::mbarrier_fence_init();
    ptx::prefetch_tensor_map(map);
  }
  ptx::bar_sync();
  if (threadIdx.x == 0) {
    ptx::mbarrier_arrive_expect(shared.full, words * static_cast<unsigned>(sizeof(Word)));
    ptx::tensor_load(shared.at, map, shared.full, x, y);
  }
  ptx::mbarrier_wait(shared.full, 0);
  for (unsigned i = threadIdx.x; i < words; i += blockDim.x) to[i] = shared.at[i];
}

/// Where a 16-byte part of a row comes to lie: PTX ISA, the figures of the swizzle modes, written out.
unsigned part_in_row(unsigned row, unsigned part, cuda::Swizzle swizzle) {
  switch (swizzle) {
    case cuda::Swizzle::none: return part;
    case cuda::Swizzle::bytes32: return part ^ (row / 4 % 2);
    case cuda::Swizzle::bytes64: return part ^ (row / 2 % 4);
    case cuda::Swizzle::bytes128: return part ^ (row % 8);
  }
  return part;
}

void check_load(std::uint32_t across, cuda::Swizzle swizzle) {
  on_every_schedule([=](const Device& device) {
    constexpr std::uint64_t width = 200, height = 50;
    const std::vector<Word> values = counting(width * height);
    const auto from = device.input("from", values);
    const unsigned words = across * rows;
    // Inside, over the right and lower edge, and before the first column.
    for (const auto& [x, y] : {std::pair{16, 3}, std::pair{184, 40}, std::pair{-8, -2}}) {
      const auto to = device.output<Word>("to", words);
      const CUtensorMap map = cuda::tensor_map(tiles_of(from, width, height, across, swizzle));
      cuda::launch<load_kernel>(
          device.stream(), {.block = 64, .shared_bytes = sizeof(Tiles)}, map, to.data(), words, x, y);
      const std::vector<Word> got = to.read();
      for (unsigned row = 0; row < rows; ++row)
        for (unsigned column = 0; column < across; ++column) {
          const unsigned at = row * across + part_in_row(row, column / 8, swizzle) * 8 + column % 8;
          const int there_x = x + static_cast<int>(column), there_y = y + static_cast<int>(row);
          const bool inside =
              there_x >= 0 && there_x < static_cast<int>(width) && there_y >= 0 && there_y < static_cast<int>(height);
          const Word expected =
              inside ? values[static_cast<std::size_t>(there_y) * width + static_cast<std::size_t>(there_x)] : Word{0};
          ASSERT_EQ(got[at], expected) << "row " << row << " column " << column << " from " << x << ' ' << y;
        }
    }
  });
}

DEVICE_TEST(BulkCopy, LoadsTilesPlainAndSwizzled) {
  NEEDS_COMPUTE_CAPABILITY(90);
  check_load(64, cuda::Swizzle::none);
  check_load(16, cuda::Swizzle::bytes32);
  check_load(32, cuda::Swizzle::bytes64);
  check_load(64, cuda::Swizzle::bytes128);
}

__global__ void store_kernel(const __grid_constant__ CUtensorMap map, int x, int y, Word* plain) {
  auto& shared = ptx::shared_memory<Tiles>();
  for (unsigned i = threadIdx.x; i < tile; i += blockDim.x) shared.at[i] = static_cast<Word>(1000 + i);
  ptx::fence_proxy_async();
  ptx::bar_sync();
  if (threadIdx.x != 0) return;
  ptx::tensor_store(map, x, y, shared.at);
  ptx::bulk_commit();
  ptx::bulk_store(plain, shared.at, 256);
  ptx::bulk_commit();
  ptx::bulk_wait_read<0>();
}

DEVICE_TEST(BulkCopy, StoresNothingOutside) {
  NEEDS_COMPUTE_CAPABILITY(90);
  on_every_schedule([](const Device& device) {
    constexpr std::uint64_t width = 80, height = 20;
    constexpr int x = 24, y = 9;  // over both edges
    const auto to = device.changed("to", std::vector<Word>(width * height, 7));
    const auto plain = device.output<Word>("plain", 128);
    const CUtensorMap map = cuda::tensor_map(tiles_of(to, width, height, columns, cuda::Swizzle::bytes128));
    cuda::launch<store_kernel>(device.stream(), {.block = 64, .shared_bytes = sizeof(Tiles)}, map, x, y, plain.data());
    std::vector<Word> expected(width * height, 7);
    for (unsigned row = 0; row < rows; ++row)
      for (unsigned column = 0; column < columns; ++column) {
        const std::uint64_t there_x = x + column, there_y = y + row;
        if (there_x < width && there_y < height)
          expected[there_y * width + there_x] =
              static_cast<Word>(1000 + row * columns + (column / 8 ^ row % 8) * 8 + column % 8);
      }
    EXPECT_EQ(to.read(), expected);
    std::vector<Word> first(128);
    std::iota(first.begin(), first.end(), Word{1000});
    EXPECT_EQ(plain.read(), first);
  });
}

// Images: the tile is a window of 2 x 3 pixels over 8 channels of two images, at the left edge.
__global__ void images_kernel(const __grid_constant__ CUtensorMap map, const Word* plain, Word* to) {
  auto& shared = ptx::shared_memory<Tiles>();
  constexpr unsigned words = 8 * 3 * 2 * 2;
  if (threadIdx.x == 0) {
    ptx::mbarrier_init(shared.full, 1);
    ptx::mbarrier_fence_init();
    ptx::mbarrier_arrive_expect(shared.full, 2 * words + 32);
    ptx::tensor_load(shared.at, map, shared.full, 8, -1, 2, 0);
    ptx::bulk_load(shared.at + words, plain, 32, shared.full);
  }
  ptx::bar_sync();
  ptx::mbarrier_wait(shared.full, 0);
  for (unsigned i = threadIdx.x; i < words + 16; i += blockDim.x) to[i] = shared.at[i];
}

DEVICE_TEST(BulkCopy, LoadsWindowsOfImagesAndPlainBytes) {
  NEEDS_COMPUTE_CAPABILITY(90);
  on_every_schedule([](const Device& device) {
    constexpr unsigned channels = 24, width = 5, height = 4, images = 3;
    const std::vector<Word> values = counting(channels * width * height * images);
    const auto from = device.input("images", values);
    const auto plain = device.input("plain", counting(16));
    const auto to = device.output<Word>("to", 112);
    const CUtensorMap map =
        cuda::tensor_map({.type = CU_TENSOR_MAP_DATA_TYPE_UINT16,
                          .rank = 4,
                          .base = from,
                          .sizes = {channels, width, height, images},
                          .strides = {channels * 2, channels * width * 2, channels * width * height * 2},
                          .tile = {8, 3, 2, 2}});
    cuda::launch<images_kernel>(
        device.stream(), {.block = 32, .shared_bytes = sizeof(Tiles)}, map, plain.data(), to.data());
    const std::vector<Word> got = to.read();
    for (unsigned i = 0; i < 96; ++i) {
      const unsigned c = 8 + i % 8, w = i / 8 % 3, h = 2 + i / 24 % 2, n = i / 48;
      const Word expected = w == 0 ? Word{0} : values[((n * height + h) * width + w - 1) * channels + c];
      ASSERT_EQ(got[i], expected) << i;
    }
    for (unsigned i = 0; i < 16; ++i) EXPECT_EQ(got[96 + i], i + 1);
  });
}

// Each block of a cluster of two loads half of the tile, for both.
__global__ void multicast_kernel(const __grid_constant__ CUtensorMap map, Word* to) {
  auto& shared = ptx::shared_memory<Tiles>();
  const unsigned rank = ptx::cluster_rank();
  if (threadIdx.x == 0) {
    ptx::mbarrier_init(shared.full, 1);
    ptx::mbarrier_fence_init();
    ptx::mbarrier_arrive_expect(shared.full, 2 * rows * columns * static_cast<unsigned>(sizeof(Word)) / 2);
  }
  ptx::cluster_sync();
  if (threadIdx.x == 0)
    ptx::tensor_load_multicast(shared.at + rank * tile / 2, map, shared.full, static_cast<int>(rank) * 32, 0, 3);
  ptx::mbarrier_wait(shared.full, 0);
  for (unsigned i = threadIdx.x; i < tile; i += blockDim.x) to[blockIdx.x * tile + i] = shared.at[i];
  ptx::cluster_sync();
}

DEVICE_TEST(BulkCopy, MulticastReachesEveryBlockOfTheCluster) {
  NEEDS_COMPUTE_CAPABILITY(90);
  on_every_schedule([](const Device& device) {
    const std::vector<Word> values = counting(tile);
    const auto from = device.input("from", values);
    const auto to = device.output<Word>("to", 4 * tile);
    const CUtensorMap map = cuda::tensor_map(tiles_of(from, columns, rows, columns / 2, cuda::Swizzle::none));
    cuda::launch<multicast_kernel>(
        device.stream(), {.grid = 4, .block = 32, .shared_bytes = sizeof(Tiles), .cluster = 2}, map, to.data());
    const std::vector<Word> got = to.read();
    for (unsigned i = 0; i < 4 * tile; ++i) {
      const unsigned half = i % tile / (tile / 2), row = i % (tile / 2) / 32, column = half * 32 + i % 32;
      ASSERT_EQ(got[i], values[row * columns + column]) << i;
    }
  });
}

DEVICE_TEST(BulkCopy, MapsThatBreakARuleAreRefusedWithTheRule) {
  const Word* base = reinterpret_cast<const Word*>(std::uintptr_t{0x1000});
  const cuda::TensorTiles good = tiles_of(base, 200, 50, 64, cuda::Swizzle::bytes128);
  EXPECT_EQ(cuda::why_invalid(good), "");
  const auto reason = [&](auto change) {
    cuda::TensorTiles bad = good;
    change(bad);
    EXPECT_THROW(cuda::tensor_map(bad), Error);
    return cuda::why_invalid(bad);
  };
  EXPECT_EQ(reason([](auto& t) { t.tile[0] = 72; }), "a row of a tile has 144 bytes, and the swizzle 128");
  EXPECT_EQ(reason([](auto& t) { t.tile[0] = 12; }), "a row of a tile is a multiple of 16 bytes, not 24");
  EXPECT_EQ(reason([](auto& t) { t.strides[0] = 202; }),
            "the stride of dimension 1 is a multiple of 16 bytes below 2^40, not 202");
  EXPECT_EQ(reason([](auto& t) { t.tile[1] = 257; }), "a tile has 1 to 256 elements in dimension 1, not 257");
  EXPECT_EQ(reason([](auto& t) { t.sizes[1] = 0; }), "dimension 1 has 1 to 2^32 elements, not 0");
  EXPECT_EQ(reason([&](auto& t) { t.base = base + 1; }), "a tensor begins at a multiple of 16 bytes");
  EXPECT_EQ(reason([](auto& t) { t.rank = 6; }), "a tensor map has 1 to 5 dimensions, not 6");
}

}  // namespace
}  // namespace gpubench::device_tests
