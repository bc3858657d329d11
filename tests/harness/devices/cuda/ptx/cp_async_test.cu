#include <numeric>

#include "harness/devices/cuda/launch.cuh"
#include "harness/devices/cuda/ptx/barrier.cuh"
#include "harness/devices/cuda/ptx/cp_async.cuh"
#include "tests/harness/devices/cuda/device_test.hpp"

namespace gpubench::device_tests {
namespace {

constexpr int stages = 3, threads = 64;
struct Ring {
  alignas(16) float at[stages][threads * 4];
};

// A ring of stages: each thread copies 16 bytes a turn, all add up the whole stage.
__global__ void ring_kernel(const float* from, float* to, int turns) {
  auto& shared = ptx::shared_memory<Ring>();
  const int thread = static_cast<int>(threadIdx.x);
  const auto copy = [&](int turn) {
    if (turn < turns)
      ptx::cp_async_16(ptx::shared_address(&shared.at[turn % stages][thread * 4]),
                       from + (turn * threads + thread) * 4);
    ptx::cp_async_commit();
  };
  for (int turn = 0; turn < stages - 1; ++turn) copy(turn);
  float sum = 0;
  for (int turn = 0; turn < turns; ++turn) {
    ptx::cp_async_wait<stages - 2>();
    ptx::bar_sync();
    copy(turn + stages - 1);
    for (int i = 0; i < threads * 4; ++i) sum += shared.at[turn % stages][(i + thread) % (threads * 4)];
  }
  to[thread] = sum;
}

DEVICE_TEST(CpAsync, ARingOfStagesBringsEverything) {
  on_every_schedule([](const Device& device) {
    constexpr int turns = 7;
    std::vector<float> values(turns * threads * 4);
    std::iota(values.begin(), values.end(), 0.0F);
    const float expected = std::accumulate(values.begin(), values.end(), 0.0F);  // exact: below 2^24
    const auto from = device.input("from", values);
    const auto to = device.output<float>("to", threads);
    cuda::launch<ring_kernel>(
        device.stream(), {.block = threads, .shared_bytes = sizeof(Ring)}, from.data(), to.data(), turns);
    EXPECT_EQ(to.read(), std::vector<float>(threads, expected));
  });
}

// What is not valid becomes zeros, and is not read: the source ends there.
__global__ void partial_kernel(const float* from, float* to, int count) {
  auto& shared = ptx::shared_memory<Ring>();
  const int first = static_cast<int>(threadIdx.x) * 4;
  const int valid = count - first < 0 ? 0 : count - first > 4 ? 4 : count - first;
  ptx::cp_async_16(ptx::shared_address(&shared.at[0][first]), from + first, static_cast<unsigned>(valid) * 4);
  // From an odd place, four bytes at a time.
  if (threadIdx.x < 8) {
    ptx::cp_async<4>(ptx::shared_address(&shared.at[1][threadIdx.x]), from + 1 + threadIdx.x);
    ptx::cp_async<8>(
        ptx::shared_address(&shared.at[1][32 + threadIdx.x * 2]), from + 2 * threadIdx.x, threadIdx.x < 4 ? 8 : 4);
  }
  ptx::cp_async_commit();
  ptx::cp_async_wait<0>();
  for (int i = 0; i < 4; ++i) to[first + i] = shared.at[0][first + i];
  if (threadIdx.x < 8) {
    to[256 + threadIdx.x] = shared.at[1][threadIdx.x];
    to[264 + 2 * threadIdx.x] = shared.at[1][32 + threadIdx.x * 2];
    to[265 + 2 * threadIdx.x] = shared.at[1][33 + threadIdx.x * 2];
  }
}

DEVICE_TEST(CpAsync, FillsUpWithZeros) {
  on_every_schedule([](const Device& device) {
    constexpr int count = 41;
    std::vector<float> values(count);
    std::iota(values.begin(), values.end(), 1.0F);
    const auto from = device.input("from", values);
    const auto to = device.output<float>("to", 280);
    cuda::launch<partial_kernel>(
        device.stream(), {.block = threads, .shared_bytes = sizeof(Ring)}, from.data(), to.data(), count);
    std::vector<float> expected(280);
    for (int i = 0; i < 256; ++i) expected[static_cast<std::size_t>(i)] = i < count ? static_cast<float>(i + 1) : 0;
    for (int i = 0; i < 8; ++i) expected[static_cast<std::size_t>(256 + i)] = static_cast<float>(i + 2);
    for (int i = 0; i < 16; ++i)
      expected[static_cast<std::size_t>(264 + i)] = i < 8 || i % 2 == 0 ? static_cast<float>(i + 1) : 0;
    EXPECT_EQ(to.read(), expected);
  });
}

}  // namespace
}  // namespace gpubench::device_tests
