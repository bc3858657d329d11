#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "harness/devices/cuda/emulator/launch.hpp"
#include "harness/devices/cuda/emulator/schedule.hpp"
#include "harness/devices/cuda/emulator/swizzle.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "harness/devices/cuda/ptx/barrier.cuh"
#include "tests/harness/devices/cuda/device_test.hpp"

namespace gpubench::device_tests {
namespace {

using emulator::Schedule;
using emulator::ScheduleScope;

// Each thread notes its number when it comes by, before and after a barrier.
__global__ void order_kernel(int* order, int* next) {
  order[(*next)++] = static_cast<int>(blockIdx.x * 100 + threadIdx.x);
  ptx::warp_sync(threadIdx.x < 64 ? 0xffffffff : 0x0000000f);
  order[(*next)++] = static_cast<int>(blockIdx.x * 100 + threadIdx.x);
}

std::vector<int> order_of(const Schedule& schedule) {
  const ScheduleScope scope(schedule);
  const Device device;
  const auto order = device.output<int>("order", 272);
  const auto next = device.changed<int>("next", {0});
  cuda::launch<order_kernel>(nullptr, {.grid = 2, .block = 68}, order.data(), next.data());
  return order.read();
}

TEST(EmulatedSchedule, FirstAheadRunsEachWarpToItsEnd) {
  const std::vector<int> order = order_of({.order = Schedule::Order::first_ahead});
  EXPECT_EQ(order.front(), 0);
  EXPECT_EQ(order[32], 31);    // the last lane finishes the barrier and goes on first
  EXPECT_EQ(order[64], 32);    // then the next warp
  EXPECT_EQ(order[136], 100);  // then the next block
}

TEST(EmulatedSchedule, LastAheadIsTheOtherWayRound) {
  const std::vector<int> order = order_of({.order = Schedule::Order::last_ahead});
  EXPECT_EQ(order.front(), 167);
  EXPECT_EQ(order[136], 67);
  EXPECT_EQ(order.back() < 32, true);
}

TEST(EmulatedSchedule, InStepGivesEveryWarpATurn) {
  const std::vector<int> order = order_of({});
  std::set<int> warps;
  for (int i = 0; i < 80; ++i) warps.insert(order[static_cast<std::size_t>(i)] / 32);
  EXPECT_EQ(warps.size(), 3U);
}

TEST(EmulatedSchedule, ASeedRepeatsAndAnotherDiffers) {
  const Schedule seven = {.order = Schedule::Order::random, .seed = 7};
  EXPECT_EQ(order_of(seven), order_of(seven));
  EXPECT_NE(order_of(seven), order_of({.order = Schedule::Order::random, .seed = 8}));
}

TEST(EmulatedSchedule, NamesAreReadBack) {
  for (const Schedule& schedule : emulator::usual_schedules(3)) {
    const Schedule back = emulator::schedule_from(emulator::text(schedule));
    EXPECT_EQ(back.order, schedule.order);
    EXPECT_EQ(back.seed, schedule.seed);
  }
  EXPECT_EQ(emulator::usual_schedules(3).size(), 6U);
  for (const char* wrong : {"", "random", "random:", "random:x", "random:1x", "backwards"})
    EXPECT_THROW(emulator::schedule_from(wrong), std::invalid_argument) << wrong;
}

TEST(EmulatedSwizzle, MovesEveryPartToAPlaceOfItsOwn) {
  for (const std::uint32_t width : {0U, 32U, 64U, 128U}) {
    std::set<std::uint32_t> places;
    for (std::uint32_t address = 0; address < 1024; ++address) {
      const std::uint32_t place = emulator::swizzled(address, width);
      EXPECT_EQ(place / 128, address / 128);
      EXPECT_EQ(place % 16, address % 16);
      places.insert(place);
    }
    EXPECT_EQ(places.size(), 1024U);
  }
}

TEST(EmulatedLaunch, NamesAreShort) {
  const char* pretty =
      "void gpubench::cuda::launch(Stream, const Geometry&, const Arguments& ...) [with auto kernel = "
      "gpubench::cuda::{anonymous}::pass<gpubench::MemoryLoop::triad, float>; Arguments = {int}; Stream = x]";
  EXPECT_EQ(emulator::kernel_name(pretty), "pass<triad, float>");
}

}  // namespace
}  // namespace gpubench::device_tests
