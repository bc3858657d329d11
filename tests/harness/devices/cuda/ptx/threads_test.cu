#include "harness/devices/cuda/launch.cuh"
#include "harness/devices/cuda/ptx/atomic.cuh"
#include "harness/devices/cuda/ptx/barrier.cuh"
#include "harness/devices/cuda/ptx/shared.cuh"
#include "harness/devices/cuda/ptx/shuffle.cuh"
#include "tests/harness/devices/cuda/device_test.hpp"

namespace gpubench::device_tests {
namespace {

// What each lane gets from shuffles: seven numbers a lane.
constexpr unsigned shuffles = 7;
__global__ void shuffle_kernel(int* to) {
  const int lane = static_cast<int>(ptx::lane_id());
  int* mine = to + threadIdx.x * shuffles;
  mine[0] = ptx::shfl_xor(lane, 5);
  mine[1] = ptx::shfl_from(lane * 10, 3);
  mine[2] = ptx::shfl_up(lane, 2);
  mine[3] = ptx::shfl_down(lane, 30);
  mine[4] = static_cast<int>(ptx::ballot(lane % 3 == 0));
  // Halves of the warp go different ways.
  if (lane < 16)
    mine[5] = ptx::shfl_xor(lane, 1, 0x0000ffff);
  else
    mine[5] = ptx::shfl_xor(lane, 2, 0xffff0000);
  mine[6] = static_cast<int>(ptx::warp_sum(static_cast<float>(lane))) +
            static_cast<int>(ptx::warp_max(static_cast<float>(-lane)));
}

DEVICE_TEST(Shuffle, GivesTheValueOfTheOtherLane) {
  on_every_schedule([](const Device& device) {
    const auto to = device.output<int>("to", 64 * shuffles);
    cuda::launch<shuffle_kernel>(device.stream(), {.block = 64}, to.data());
    const std::vector<int> got = to.read();
    for (int thread = 0; thread < 64; ++thread) {
      const int lane = thread % 32;
      const std::vector<int> expected = {lane ^ 5,
                                         30,
                                         lane < 2 ? lane : lane - 2,
                                         lane < 2 ? lane + 30 : lane,
                                         0x49249249,
                                         lane < 16 ? lane ^ 1 : lane ^ 2,
                                         496};
      const auto first = got.begin() + thread * static_cast<int>(shuffles);
      EXPECT_EQ(std::vector<int>(first, first + static_cast<int>(shuffles)), expected) << "thread " << thread;
    }
  });
}

// Each thread reads what another warp wrote before the barrier, twice with the same memory.
struct Numbers {
  int at[128];
};
__global__ void barrier_kernel(int* to) {
  auto& shared = ptx::shared_memory<Numbers>();
  const int thread = static_cast<int>(threadIdx.x);
  shared.at[thread] = thread;
  ptx::bar_sync();
  const int first = shared.at[127 - thread];
  ptx::bar_sync();
  shared.at[thread] = 1000 + thread;
  ptx::bar_sync();
  to[thread] = first + shared.at[(thread + 64) % 128];
}

DEVICE_TEST(Barrier, KeepsWritesAndReadsApart) {
  on_every_schedule([](const Device& device) {
    const auto to = device.output<int>("to", 128);
    cuda::launch<barrier_kernel>(device.stream(), {.block = 128, .shared_bytes = sizeof(Numbers)}, to.data());
    const std::vector<int> got = to.read();
    for (int thread = 0; thread < 128; ++thread)
      EXPECT_EQ(got[static_cast<std::size_t>(thread)], 127 - thread + 1000 + (thread + 64) % 128);
  });
}

// Warps 0 and 1 produce, 2 and 3 consume, with a barrier for "full" and one for "empty"; the threads beyond have left.
__global__ void named_barrier_kernel(int* to) {
  auto& shared = ptx::shared_memory<Numbers>();
  const int thread = static_cast<int>(threadIdx.x);
  constexpr unsigned full = 1, empty = 2, both = 128;
  if (thread >= 128) return;
  for (int round = 0; round < 3; ++round) {
    if (thread < 64) {
      if (round > 0) ptx::bar_sync(empty, both);
      shared.at[thread] = round * 100 + thread;
      ptx::bar_arrive(full, both);
    } else {
      ptx::bar_sync(full, both);
      to[round * 64 + thread - 64] = shared.at[127 - thread];
      if (round < 2) ptx::bar_arrive(empty, both);
    }
  }
  ptx::bar_sync();
}

DEVICE_TEST(Barrier, NamedOnesAreForSomeWarps) {
  on_every_schedule([](const Device& device) {
    const auto to = device.output<int>("to", 192);
    cuda::launch<named_barrier_kernel>(device.stream(), {.block = 160, .shared_bytes = sizeof(Numbers)}, to.data());
    const std::vector<int> got = to.read();
    for (int i = 0; i < 192; ++i) EXPECT_EQ(got[static_cast<std::size_t>(i)], i / 64 * 100 + 63 - i % 64);
  });
}

__global__ void warp_sync_kernel(int* to) {
  auto& shared = ptx::shared_memory<Numbers>();
  const unsigned lane = ptx::lane_id();
  shared.at[lane] = static_cast<int>(lane);
  ptx::warp_sync();
  to[lane] = shared.at[31 - lane];
}

DEVICE_TEST(Barrier, WarpSyncKeepsLanesApart) {
  on_every_schedule([](const Device& device) {
    const auto to = device.output<int>("to", 32);
    cuda::launch<warp_sync_kernel>(device.stream(), {.block = 32, .shared_bytes = sizeof(Numbers)}, to.data());
    const std::vector<int> got = to.read();
    for (int lane = 0; lane < 32; ++lane) EXPECT_EQ(got[static_cast<std::size_t>(lane)], 31 - lane);
  });
}

// The last block to take a ticket sums what the others left; a block that has to wait for another polls.
__global__ void ticket_kernel(
    const float* values, float* parts, std::uint32_t* ticket, float* sum, std::uint32_t* largest) {
  const float part = ptx::warp_sum(values[blockIdx.x * 32 + threadIdx.x]);
  ptx::red_max(largest, blockIdx.x * 32 + threadIdx.x);
  if (threadIdx.x != 0) return;
  parts[blockIdx.x] = part;
  ptx::fence_gpu();
  ptx::red_add(sum + 1, part);
  if (ptx::atom_add(ticket, 1U) != gridDim.x - 1) return;
  ptx::fence_gpu();
  float all = 0;
  for (unsigned block = 0; block < gridDim.x; ++block) all += parts[block];
  sum[0] = all;
}

DEVICE_TEST(Atomic, TheLastBlockIsKnown) {
  on_every_schedule([](const Device& device) {
    constexpr unsigned blocks = 5;
    std::vector<float> values(blocks * 32);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
    const auto from = device.input("values", values);
    const auto parts = device.output<float>("parts", blocks);
    const auto ticket = device.changed<std::uint32_t>("ticket", {0});
    const auto largest = device.changed<std::uint32_t>("largest", {7});
    const auto sum = device.changed<float>("sum", {-1, 0});
    cuda::launch<ticket_kernel>(device.stream(),
                                {.grid = blocks, .block = 32},
                                from.data(),
                                parts.data(),
                                ticket.data(),
                                sum.data(),
                                largest.data());
    EXPECT_EQ(sum.read(), (std::vector<float>{12720, 12720}));
    EXPECT_EQ(ticket.read(), (std::vector<std::uint32_t>{blocks}));
    EXPECT_EQ(largest.read(), (std::vector<std::uint32_t>{159}));
  });
}

// Each block waits for the one before it.
__global__ void relay_kernel(std::uint32_t* flag, int* to) {
  if (threadIdx.x == 0) {
    while (ptx::ld_acquire(flag) != blockIdx.x) {
    }
    to[blockIdx.x] = blockIdx.x == 0 ? 1 : to[blockIdx.x - 1] * 2;
    ptx::st_release(flag, blockIdx.x + 1);
  }
}

DEVICE_TEST(Atomic, BlocksThatAreResidentWaitForEachOther) {
  on_every_schedule([](const Device& device) {
    const auto flag = device.changed<std::uint32_t>("flag", {0});
    const auto to = device.output<int>("to", 4);
    cuda::launch<relay_kernel>(device.stream(), {.grid = 4, .block = 32, .cooperative = true}, flag.data(), to.data());
    EXPECT_EQ(to.read(), (std::vector<int>{1, 2, 4, 8}));
  });
}

}  // namespace
}  // namespace gpubench::device_tests
