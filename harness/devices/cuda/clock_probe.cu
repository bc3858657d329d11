#include "harness/devices/cuda/clock_probe.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "harness/devices/cuda/ptx/clock.cuh"

namespace gpubench::cuda {
namespace {

// Two blocks on one multiprocessor write nearly the same.
__global__ __launch_bounds__(32) void read_clocks_kernel(ClockReading* readings, int size) {
  if (threadIdx.x != 0) return;
  const unsigned sm = ptx::sm_id();
  if (sm < static_cast<unsigned>(size)) readings[sm] = {ptx::sm_cycles(), ptx::global_nanoseconds()};
}

}  // namespace

void read_clocks(Stream stream, ClockReading* readings, int multiprocessors, int size) {
  launch<read_clocks_kernel>(stream, {.grid = static_cast<unsigned>(multiprocessors), .block = 32}, readings, size);
}

}  // namespace gpubench::cuda
