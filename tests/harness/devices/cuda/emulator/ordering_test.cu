#include <gmock/gmock.h>

#include "harness/devices/cuda/emulator/fault.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "harness/devices/cuda/ptx/atomic.cuh"
#include "harness/devices/cuda/ptx/barrier.cuh"
#include "harness/devices/cuda/ptx/bulk_copy.cuh"
#include "harness/devices/cuda/ptx/cluster.cuh"
#include "harness/devices/cuda/ptx/wgmma.cuh"
#include "tests/harness/devices/cuda/device_test.hpp"

// What has to come before what: mistakes that many a GPU forgives on most days.

namespace gpubench::device_tests {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Shared {
  alignas(1024) unsigned char at[16384];
  ptx::Barrier barrier;
};
constexpr std::size_t shared_bytes = sizeof(Shared);

/// Which schedules see a mistake of this kernel.
template <auto kernel, class... Arguments>
std::vector<std::string> seen(const cuda::Geometry& geometry, const Arguments&... arguments) {
  return caught([&](const Device& device) -> std::string {
    cuda::launch<kernel>(device.stream(), geometry, arguments...);
    return "";
  });
}

__global__ void divergent_kernel() {
  if (threadIdx.x % 32 < 16)
    ptx::bar_sync();
  else
    ptx::bar_sync();
}

TEST(EmulatedOrdering, AWarpComesToABarrierAsOne) {
  const auto all = seen<divergent_kernel>({.block = 64});
  EXPECT_EQ(all.size(), schedule_count());
  EXPECT_THAT(all, Each(HasSubstr("another lane of this one is there from ordering_test.cu:")));
}

template <bool fenced>
__global__ void product_kernel() {
  auto& shared = ptx::shared_memory<Shared>();
  for (unsigned i = threadIdx.x; i < sizeof shared.at; i += 128) shared.at[i] = 0;
  if constexpr (fenced) ptx::fence_proxy_async();
  ptx::bar_sync();
  const auto operand = ptx::matrix_descriptor(ptx::shared_address(shared.at), 16, 1024, cuda::Swizzle::bytes128);
  float d[4];
  ptx::wgmma_fence(d);
  ptx::wgmma<__nv_bfloat16, 8>(d, operand, operand, false);
  ptx::wgmma_commit();
  ptx::wgmma_wait<0>(d);
}

TEST(EmulatedOrdering, ProductsOfWhatThreadsWroteNeedAFence) {
  EXPECT_THAT(seen<product_kernel<true>>({.block = 128, .shared_bytes = shared_bytes}), IsEmpty());
  const auto all = seen<product_kernel<false>>({.block = 128, .shared_bytes = shared_bytes});
  EXPECT_EQ(all.size(), schedule_count());
  EXPECT_THAT(all, Each(HasSubstr("no thread of the block has executed fence.proxy.async")));
}

template <bool announced>
__global__ void load_kernel(const int* from) {
  auto& shared = ptx::shared_memory<Shared>();
  ptx::mbarrier_init(shared.barrier, 1);
  if constexpr (announced) ptx::mbarrier_fence_init();
  ptx::mbarrier_arrive_expect(shared.barrier, 64);
  ptx::bulk_load(shared.at, from, 64, shared.barrier);
  ptx::mbarrier_wait(shared.barrier, 0);
  ptx::mbarrier_inval(shared.barrier);
  ptx::mbarrier_init(shared.barrier, 1);
}

TEST(EmulatedOrdering, CopiesKnowABarrierAfterItsFence) {
  const auto from = Device().input("from", std::vector<int>(16, 1));
  EXPECT_THAT(seen<load_kernel<true>>({.block = 1, .shared_bytes = shared_bytes}, from.data()), IsEmpty());
  const auto all = seen<load_kernel<false>>({.block = 1, .shared_bytes = shared_bytes}, from.data());
  EXPECT_EQ(all.size(), schedule_count());
  EXPECT_THAT(all, Each(HasSubstr("no fence.mbarrier_init has been executed since")));
}

__global__ void twice_kernel() {
  auto& shared = ptx::shared_memory<Shared>();
  ptx::mbarrier_init(shared.barrier, 1);
  ptx::mbarrier_init(shared.barrier, 1);
}

TEST(EmulatedOrdering, ABarrierIsInitialisedOnce) {
  EXPECT_THAT(seen<twice_kernel>({.block = 1, .shared_bytes = shared_bytes}),
              Each(HasSubstr("there is an mbarrier at")));
  EXPECT_EQ(seen<twice_kernel>({.block = 1, .shared_bytes = shared_bytes}).size(), schedule_count());
}

// Block 0 stores and tells block 1, which reads.
template <bool written>
__global__ void store_kernel(std::uint32_t* data, std::uint32_t* flag, std::uint32_t* to) {
  auto& shared = ptx::shared_memory<Shared>();
  if (blockIdx.x == 0) {
    *reinterpret_cast<std::uint32_t*>(shared.at) = 5;
    ptx::fence_proxy_async();
    ptx::bulk_store(data, shared.at, 16);
    ptx::bulk_commit();
    if constexpr (written)
      ptx::bulk_wait<0>();
    else
      ptx::bulk_wait_read<0>();
    ptx::st_release(flag, 1);
  } else {
    while (ptx::ld_acquire(flag) == 0) {
    }
    *to = *data;
  }
}

template <bool written>
std::string read_after_store(const Device& device) {
  const auto data = device.output<std::uint32_t>("data", 4);
  const auto flag = device.changed<std::uint32_t>("flag", {0});
  const auto to = device.output<std::uint32_t>("to", 1);
  cuda::launch<store_kernel<written>>(device.stream(),
                                      {.grid = 2, .block = 1, .shared_bytes = shared_bytes, .cooperative = true},
                                      data.data(),
                                      flag.data(),
                                      to.data());
  return to.read()[0] == 5 ? "" : "block 1 reads " + std::to_string(to.read()[0]);
}

TEST(EmulatedOrdering, AStoreThatWasReadIsNotYetWritten) {
  EXPECT_THAT(caught(read_after_store<true>), IsEmpty());
  EXPECT_THAT(caught(read_after_store<false>), Not(IsEmpty()));
}

__global__ void half_cluster_kernel() {
  if (threadIdx.x >= 32) ptx::cluster_arrive();
}

TEST(EmulatedOrdering, AThreadWaitsForTheClusterThatItArrivedAt) {
  EXPECT_THAT(seen<half_cluster_kernel>({.grid = 4, .block = 64, .cluster = 2}),
              Each(HasSubstr("it returns after barrier.cluster.arrive without the wait")));
  EXPECT_EQ((seen<half_cluster_kernel>({.grid = 4, .block = 64, .cluster = 2}).size()), schedule_count());
}

// Rank 0 has nothing more to do; the other goes on.
__global__ void early_block_kernel() {
  if (ptx::cluster_rank() == 0) return;
  ptx::cluster_sync();
  ptx::cluster_sync();
}

TEST(EmulatedOrdering, ABlockThatHasEndedIsNotWaitedFor) {
  EXPECT_THAT(seen<early_block_kernel>({.grid = 16, .block = 64, .cluster = 2}), IsEmpty());
}

// Only polls make progress: none of them is in vain.
__global__ void relay_kernel(std::uint32_t* flag) {
  while (ptx::ld_acquire(flag) != blockIdx.x) {
  }
  ptx::st_release(flag, blockIdx.x + 1);
}

TEST(EmulatedOrdering, ManyBlocksWaitForEachOther) {
  const auto flag = Device().changed<std::uint32_t>("flag", {0});
  const emulator::ScheduleScope scope({.order = emulator::Schedule::Order::last_ahead});
  cuda::launch<relay_kernel>(nullptr, {.grid = 500, .block = 1, .cooperative = true}, flag.data());
  EXPECT_EQ(flag.read(), std::vector<std::uint32_t>{500});
}

}  // namespace
}  // namespace gpubench::device_tests
