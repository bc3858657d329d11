#include "harness/devices/cuda/launch.cuh"
#include "harness/devices/cuda/ptx/barrier.cuh"
#include "harness/devices/cuda/ptx/cluster.cuh"
#include "harness/devices/cuda/ptx/mbarrier.cuh"
#include "tests/harness/devices/cuda/device_test.hpp"

namespace gpubench::device_tests {
namespace {

struct Shared {
  ptx::Barrier everybody;
};

// Block 0 of each cluster waits until all others have arrived at its barrier, in each of three phases.
__global__ void remote_arrive_kernel(int* to) {
  auto& shared = ptx::shared_memory<Shared>();
  constexpr unsigned blocks = 4;
  if (threadIdx.x == 0) {
    ptx::mbarrier_init(shared.everybody, blocks - 1);
    ptx::mbarrier_fence_init();
  }
  ptx::cluster_sync();
  const unsigned rank = ptx::cluster_rank();
  if (threadIdx.x == 0) to[blockIdx.x] = static_cast<int>(rank);
  for (unsigned phase = 0; phase < 3; ++phase) {
    if (threadIdx.x == 0 && rank > 0)
      ptx::mbarrier_arrive_remote(ptx::address_in_rank(ptx::shared_address(&shared.everybody), 0));
    if (rank == 0) ptx::mbarrier_wait(shared.everybody, phase % 2);
    ptx::cluster_sync();
  }
  if (threadIdx.x == 0 && rank == 0) to[blockIdx.x] = 100;
}

DEVICE_TEST(Cluster, BlocksArriveAtEachOthersBarriers) {
  NEEDS_COMPUTE_CAPABILITY(90);
  on_every_schedule([](const Device& device) {
    const auto to = device.output<int>("to", 8);
    cuda::launch<remote_arrive_kernel>(
        device.stream(), {.grid = 8, .block = 64, .shared_bytes = sizeof(Shared), .cluster = 4}, to.data());
    EXPECT_EQ(to.read(), (std::vector<int>{100, 1, 2, 3, 100, 1, 2, 3}));
  });
}

// Rank 0 reads what the others wrote before they arrived; a warp that has nothing to do returns at once.
__global__ void message_kernel(int* messages, int* to) {
  auto& shared = ptx::shared_memory<Shared>();
  if (threadIdx.x >= 32) return;
  if (threadIdx.x == 0) {
    ptx::mbarrier_init(shared.everybody, 1);
    ptx::mbarrier_fence_init();
  }
  ptx::cluster_sync();
  if (ptx::cluster_rank() == 1 && threadIdx.x == 0) {
    messages[blockIdx.x / 2] = static_cast<int>(blockIdx.x) + 10;
    ptx::mbarrier_arrive_remote(ptx::address_in_rank(ptx::shared_address(&shared.everybody), 0));
  }
  if (ptx::cluster_rank() == 0) {
    ptx::mbarrier_wait<ptx::Scope::cluster>(shared.everybody, 0);
    to[blockIdx.x / 2 * 32 + threadIdx.x] = messages[blockIdx.x / 2];
  }
  ptx::cluster_sync();
}

DEVICE_TEST(Cluster, WhatWasWrittenBeforeAnArrivalIsSeen) {
  NEEDS_COMPUTE_CAPABILITY(90);
  on_every_schedule([](const Device& device) {
    const auto messages = device.output<int>("messages", 4);
    const auto to = device.output<int>("to", 128);
    cuda::launch<message_kernel>(device.stream(),
                                 {.grid = 8, .block = 64, .shared_bytes = sizeof(Shared), .cluster = 2},
                                 messages.data(),
                                 to.data());
    const std::vector<int> got = to.read();
    for (int i = 0; i < 128; ++i) EXPECT_EQ(got[static_cast<std::size_t>(i)], i / 32 * 2 + 11);
  });
}

// The first warpgroup gives up what the others need: 168 of each thread become 24 and two times 240.
__global__ __launch_bounds__(384, 1) void registers_kernel(int* to) {
  if (threadIdx.x < 128)
    ptx::give_registers<24>();
  else
    ptx::take_registers<240>();
  to[threadIdx.x] = static_cast<int>(threadIdx.x);
}

DEVICE_TEST(Cluster, WarpgroupsHandRegistersOver) {
  NEEDS_COMPUTE_CAPABILITY(90);
  on_every_schedule([](const Device& device) {
    const auto to = device.output<int>("to", 384);
    cuda::launch<registers_kernel>(device.stream(), {.block = 384}, to.data());
    const std::vector<int> got = to.read();
    for (int i = 0; i < 384; ++i) EXPECT_EQ(got[static_cast<std::size_t>(i)], i);
  });
}

}  // namespace
}  // namespace gpubench::device_tests
