#include <gmock/gmock.h>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/emulator/fault.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "harness/devices/cuda/ptx/atomic.cuh"
#include "harness/devices/cuda/ptx/barrier.cuh"
#include "harness/devices/cuda/ptx/bulk_copy.cuh"
#include "harness/devices/cuda/ptx/cluster.cuh"
#include "harness/devices/cuda/ptx/matrix.cuh"
#include "harness/devices/cuda/ptx/shuffle.cuh"
#include "tests/harness/devices/cuda/device_test.hpp"

// What a kernel author reads when something is wrong: who, where, which instruction, which address.

namespace gpubench::device_tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct Shared {
  alignas(16) int at[64];
  ptx::Barrier barrier;
};

/// The text of the fault of a launch.
template <auto kernel, class... Arguments>
std::string fault(const cuda::Geometry& geometry, const Arguments&... arguments) {
  try {
    cuda::launch<kernel>(nullptr, geometry, arguments...);
  } catch (const emulator::Fault& fault) {
    return fault.what();
  }
  return "no fault";
}
constexpr cuda::Geometry two_blocks = {.grid = 2, .block = 64, .shared_bytes = sizeof(Shared)};

// The sanitizer of undefined behaviour would see a null pointer, or a wrong index, before the emulator does.
__attribute__((no_sanitize("undefined"))) __global__ void read_kernel(const int* from, int* to, int at) {
  if (blockIdx.x == 1 && threadIdx.x == 33) to[0] = from[at];
}

TEST(EmulatedFault, ReadBehindABufferNamesItAndTheThread) {
  const Array<int> from("from", 100), to("to", 1);
  const std::string text = fault<read_kernel>(two_blocks, from.data(), to.data(), 104);
  EXPECT_THAT(text, HasSubstr("kernel 'read_kernel', block (1,0,0), thread (33,0,0): read of global memory at 0x"));
  EXPECT_THAT(text, HasSubstr("16 bytes behind the end of 'from' (400 bytes)"));
  EXPECT_THAT(text, HasSubstr("\n  seen with schedule in-step: run it again with --schedule=in-step"));
  EXPECT_EQ(fault<read_kernel>(two_blocks, from.data(), to.data(), 99), "no fault");
}

TEST(EmulatedFault, ReadBeforeABuffer) {
  const Array<int> from("from", 1024), to("to", 1);  // a whole page, so that another lies before it
  EXPECT_THAT(fault<read_kernel>(two_blocks, from.data(), to.data(), -2),
              HasSubstr("8 bytes before the beginning of 'from'"));
}

TEST(EmulatedFault, NullPointer) {
  const Array<int> to("to", 1);
  EXPECT_THAT(fault<read_kernel>(two_blocks, static_cast<const int*>(nullptr), to.data(), 0),
              HasSubstr("read of a null pointer"));
}

TEST(EmulatedFault, WritingAnInput) {
  const auto input = Device().input("weights", std::vector<int>(8, 1));
  const Array<int> from("from", 1);
  EXPECT_THAT(fault<read_kernel>(two_blocks, from.data(), input.data(), 0),
              AllOf(HasSubstr("write of global memory at 0x"), HasSubstr("byte 0 of 'weights' (32 bytes, an input)")));
}

__global__ void write_kernel(int* to, int at) { to[at] = 1; }

// Where page protection does not see it.
TEST(EmulatedFault, WritingCloselyBehindABuffer) {
  const Array<int> to("to", 5);
  EXPECT_EQ(fault<write_kernel>({.block = 1}, to.data(), 4), "no fault");
  EXPECT_THAT(fault<write_kernel>({.block = 1}, to.data(), 5),
              HasSubstr("kernel 'write_kernel' wrote closely before or behind 'to'"));
}
TEST(EmulatedFault, WritingCloselyBeforeABuffer) {
  const Array<int> to("to", 5);
  EXPECT_THAT(fault<write_kernel>({.block = 1}, to.data(), -1), HasSubstr("wrote closely before or behind 'to'"));
}

__attribute__((no_sanitize("undefined"))) __global__ void shared_kernel(int at) {
  ptx::shared_memory<Shared>().at[at] = 1;
}

TEST(EmulatedFault, SharedMemoryBeyondTheLaunchs) {
  EXPECT_THAT(fault<shared_kernel>({.block = 1, .shared_bytes = sizeof(Shared)}, 512),
              HasSubstr("write of shared memory at offset 2048; block (0,0,0) has 272 bytes"));
  EXPECT_THAT(fault<shared_kernel>({.block = 1, .shared_bytes = sizeof(Shared)}, 70),
              HasSubstr("it wrote behind the 272 bytes of shared memory that the launch gives it"));
  EXPECT_THAT(fault<shared_kernel>({.block = 1, .shared_bytes = 64}, 0),
              HasSubstr("the kernel needs 272 bytes, the launch gives 64"));
}

__global__ void deep_kernel(int* to, int depth) {
  volatile char frame[4096];
  frame[0] = static_cast<char>(depth);
  if (depth > 0) deep_kernel(to, depth - 1);
  to[0] = frame[0];
}

TEST(EmulatedFault, StackOverflow) {
  const Array<int> to("to", 1);
  EXPECT_THAT(fault<deep_kernel>({.block = 1}, to.data(), 1000), HasSubstr("its stack of 256 KiB has overflowed"));
}

__global__ void vector_kernel(const float* from, float* to) { ptx::st_vector(to, ptx::ld_vector(from)); }

TEST(EmulatedFault, VectorAccesses) {
  const Array<float> from("from", 6), to("to", 4);
  EXPECT_THAT(fault<vector_kernel>({.block = 1}, from.data() + 1, to.data()),
              AllOf(HasSubstr("ld.global (faults_test.cu:"),
                    HasSubstr("misaligned: 16 bytes at"),
                    HasSubstr("byte 4 of 'from'")));
  EXPECT_THAT(fault<vector_kernel>({.block = 1}, from.data() + 4, to.data()), HasSubstr("16 bytes at"));
  EXPECT_EQ(fault<vector_kernel>({.block = 1}, from.data(), to.data()), "no fault");
}

__global__ void divergent_barrier_kernel() {
  if (threadIdx.x < 32)
    ptx::bar_sync(1, 64);
  else
    ptx::bar_sync(2, 64);
}

TEST(EmulatedFault, DeadlockSaysWhoWaitsWhere) {
  const std::string text = fault<divergent_barrier_kernel>(two_blocks);
  EXPECT_THAT(text,
              HasSubstr("kernel 'divergent_barrier_kernel': deadlock: no thread can go on and no copy is under way"));
  EXPECT_THAT(text, HasSubstr("\n  block (0,0,0):\n    threads 0-31 at bar.sync (faults_test.cu:"));
  EXPECT_THAT(text, HasSubstr("barrier 1: 32 of 64 threads are there"));
  EXPECT_THAT(text, HasSubstr("barrier 2: 32 of 64 threads are there"));
}

__global__ void polling_kernel(std::uint32_t* flag) {
  while (ptx::ld_acquire(flag) == 0) {
  }
}

TEST(EmulatedFault, PollingForWhatNeverComes) {
  const auto flag = Device().changed<std::uint32_t>("flag", {0});
  EXPECT_THAT(
      fault<polling_kernel>({.block = 1}, flag.data()),
      AllOf(HasSubstr("ask again and again for what never comes"), HasSubstr("threads 0 at ld.acquire.gpu.global")));
}

__global__ void split_warp_kernel(int* to) {
  int value = 0;
  if (threadIdx.x % 32 < 16)
    value = ptx::shfl_xor(1, 1);
  else
    value = static_cast<int>(ptx::ballot(true));
  to[threadIdx.x] = value;
}

TEST(EmulatedFault, LanesAtDifferentInstructions) {
  const Array<int> to("to", 64);
  EXPECT_THAT(
      fault<split_warp_kernel>(two_blocks, to.data()),
      AllOf(HasSubstr("vote.sync.ballot"), HasSubstr("together with this one are at shfl.sync.bfly (faults_test.cu:")));
}

__global__ void returned_lane_kernel(int* to, unsigned lane) {
  if (threadIdx.x == lane) return;
  to[threadIdx.x] = ptx::shfl_xor(1, 1);
}

TEST(EmulatedFault, ALaneOfTheMaskHasReturned) {
  const Array<int> to("to", 64);
  EXPECT_THAT(fault<returned_lane_kernel>({.block = 32}, to.data(), 0U),
              HasSubstr("lane 0 is in the mask 0xffffffff, and has returned from the kernel"));
  // It returns when others are waiting for it.
  EXPECT_THAT(fault<returned_lane_kernel>({.block = 32}, to.data(), 3U),
              AllOf(HasSubstr("31 of 32 lanes are there, without 3"), HasSubstr("threads 3 have returned")));
}

__global__ void foreign_mask_kernel(int* to) { to[threadIdx.x] = ptx::shfl_xor(1, 1, 0x0000ffff); }

TEST(EmulatedFault, ALaneOutsideOfItsMask) {
  const Array<int> to("to", 64);
  EXPECT_THAT(fault<foreign_mask_kernel>(two_blocks, to.data()), HasSubstr("(16) is not in its own mask 0x0000ffff"));
}

__global__ void barrier_kernel(int what) {
  auto& shared = ptx::shared_memory<Shared>();
  if (what == 0) return ptx::mbarrier_arrive(shared.barrier);
  ptx::mbarrier_init(shared.barrier, 1);
  if (what == 1) shared.barrier.opaque = 0;
  if (what <= 1) return ptx::mbarrier_arrive(shared.barrier);
  if (what == 2) return ptx::mbarrier_wait(shared.barrier, 0);
  if (what == 3) return ptx::mbarrier_arrive_expect(shared.barrier, 1 << 20);
}

TEST(EmulatedFault, Mbarriers) {
  const cuda::Geometry one = {.block = 1, .shared_bytes = sizeof(Shared)};
  EXPECT_THAT(fault<barrier_kernel>(one, 0), HasSubstr("mbarrier.arrive (faults_test.cu:"));
  EXPECT_THAT(fault<barrier_kernel>(one, 0), HasSubstr("there is no initialised mbarrier at 0x500"));
  EXPECT_THAT(fault<barrier_kernel>(one, 1), HasSubstr("the mbarrier at 0x500 was overwritten"));
  EXPECT_THAT(fault<barrier_kernel>(one, 2),
              HasSubstr("mbarrier at 0x500, phase of parity 0: 1 of 1 arrivals missing, 0 bytes outstanding"));
  EXPECT_THAT(fault<barrier_kernel>(one, 3), HasSubstr("1048576 bytes outstanding, at most 1048575"));
}

__global__ void rows_kernel(unsigned offset) {
  std::uint32_t registers[1];
  ptx::ldmatrix(registers, ptx::shared_address(&ptx::shared_memory<Shared>()) + offset);
}

TEST(EmulatedFault, RowsOfMatrices) {
  const cuda::Geometry one = {.block = 32, .shared_bytes = sizeof(Shared)};
  EXPECT_THAT(fault<rows_kernel>(one, 8U), HasSubstr("ldmatrix.sync (faults_test.cu:"));
  EXPECT_THAT(fault<rows_kernel>(one, 8U), HasSubstr("shared address 0x408 (offset 8) is not a multiple of 16"));
  EXPECT_THAT(fault<rows_kernel>(one, 272U),
              HasSubstr("16 bytes at shared address 0x510 (offset 272): the block has 272 bytes"));
}

__global__ void abandoned_copy_kernel(const int* from) {
  auto& shared = ptx::shared_memory<Shared>();
  ptx::mbarrier_init(shared.barrier, 1);
  ptx::mbarrier_fence_init();
  ptx::bulk_load(shared.at, from, 64, shared.barrier);
}

TEST(EmulatedFault, ABlockEndsBeforeItsCopiesHaveLanded) {
  const Array<int> from("from", 16);
  EXPECT_THAT(fault<abandoned_copy_kernel>({.block = 1, .shared_bytes = sizeof(Shared)}, from.data()),
              HasSubstr("it has ended while cp.async.bulk"));
}

template <unsigned give, unsigned take>
__global__ __launch_bounds__(256) void registers_kernel() {
  if (threadIdx.x < 128)
    ptx::give_registers<give>();
  else
    ptx::take_registers<take>();
}

// 256 threads have 255 registers each.
TEST(EmulatedFault, RegistersThatNobodyGives) {
  EXPECT_EQ((fault<registers_kernel<240, 256>>({.block = 256})), "no fault");
  EXPECT_THAT((fault<registers_kernel<256, 256>>({.block = 256})),
              HasSubstr("256 registers, more than the 255 that it has"));
}

TEST(EmulatedFault, LaunchesThatAGpuRefuses) {
  const auto refused = [](const cuda::Geometry& geometry) -> std::string {
    try {
      cuda::launch<divergent_barrier_kernel>(nullptr, geometry);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(refused({.block = 1025}), HasSubstr("a block has at most 1024 threads, not 1025"));
  EXPECT_THAT(refused({.grid = 0}), HasSubstr("is empty"));
  EXPECT_THAT(refused({.shared_bytes = 300000}), HasSubstr("at most 232448 bytes of shared memory, not 300000"));
  EXPECT_THAT(refused({.grid = 6, .cluster = 4}), HasSubstr("clusters of 4 blocks do not fit 6 blocks along x"));
}

// After a fault everything works as before.
TEST(EmulatedFault, TheNextLaunchIsWell) {
  const Array<int> to("to", 1);
  EXPECT_THAT(fault<divergent_barrier_kernel>(two_blocks), HasSubstr("deadlock"));
  EXPECT_EQ(fault<write_kernel>({.block = 1}, to.data(), 0), "no fault");
  EXPECT_EQ(to.read(), std::vector<int>{1});
}

}  // namespace
}  // namespace gpubench::device_tests
