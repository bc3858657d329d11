#pragma once

#include <type_traits>

#include "harness/devices/cuda/ptx/language.cuh"

#ifndef __CUDACC__
#include "harness/devices/cuda/emulator/meeting.hpp"
#endif

namespace gpubench::ptx {

#ifndef __CUDACC__
/// Every lane of `mask` gives its value and the lane that it wants to read; without such a lane it keeps its own.
template <class T>
T exchange(const char* instruction, Where where, std::uint32_t mask, T value, unsigned from) {
  struct Exchange {
    T value;
    unsigned from;
    T result;
  } mine{value, from, value};
  emulator::with_warp(
      instruction, where, mask, mine, [mask, instruction, &where](const emulator::Arguments<Exchange>& all) {
        for (unsigned lane = 0; lane < 32; ++lane) {
          if (!all.has(lane) || all[lane].from >= 32) continue;
          if ((mask >> all[lane].from & 1) == 0)
            emulator::fail(
                instruction, where, "a lane reads from one that does not take part: " + std::to_string(all[lane].from));
          all[lane].result = all[all[lane].from].value;
        }
      });
  return mine.result;
}
#endif

template <class T>
concept Shuffled = std::is_arithmetic_v<T> &&(sizeof(T) == 4 || sizeof(T) == 8);

/// The value of the lane whose number differs in the bits of `bits`.
template <Shuffled T>
__device__ __forceinline__ T
shfl_xor(T value, unsigned bits, std::uint32_t mask = all_lanes, Where where = Where::here()) {
#ifdef __CUDACC__
  return __shfl_xor_sync(mask, value, bits);
#else
  return exchange("shfl.sync.bfly", where, mask, value, (emulator::current().lane() ^ bits) & 31);
#endif
}

/// The value of lane `from`.
template <Shuffled T>
__device__ __forceinline__ T
shfl_from(T value, unsigned from, std::uint32_t mask = all_lanes, Where where = Where::here()) {
#ifdef __CUDACC__
  return __shfl_sync(mask, value, from);
#else
  return exchange("shfl.sync.idx", where, mask, value, from & 31);
#endif
}

/// The value of the lane `by` before this one; the first lanes keep their own.
template <Shuffled T>
__device__ __forceinline__ T
shfl_up(T value, unsigned by, std::uint32_t mask = all_lanes, Where where = Where::here()) {
#ifdef __CUDACC__
  return __shfl_up_sync(mask, value, by);
#else
  return exchange("shfl.sync.up", where, mask, value, emulator::current().lane() - by % 32);
#endif
}

/// The value of the lane `by` after this one; the last lanes keep their own.
template <Shuffled T>
__device__ __forceinline__ T
shfl_down(T value, unsigned by, std::uint32_t mask = all_lanes, Where where = Where::here()) {
#ifdef __CUDACC__
  return __shfl_down_sync(mask, value, by);
#else
  return exchange("shfl.sync.down", where, mask, value, emulator::current().lane() + by % 32);
#endif
}

/// Bit i: whether lane i of `mask` has a true `predicate`.
__device__ __forceinline__ std::uint32_t ballot(bool predicate,
                                                std::uint32_t mask = all_lanes,
                                                Where where = Where::here()) {
#ifdef __CUDACC__
  return __ballot_sync(mask, predicate);
#else
  struct Vote {
    bool predicate;
    std::uint32_t result;
  } mine{predicate, 0};
  emulator::with_warp("vote.sync.ballot", where, mask, mine, [](const emulator::Arguments<Vote>& all) {
    std::uint32_t bits = 0;
    for (unsigned lane = 0; lane < 32; ++lane)
      if (all.has(lane) && all[lane].predicate) bits |= 1U << lane;
    for (unsigned lane = 0; lane < 32; ++lane)
      if (all.has(lane)) all[lane].result = bits;
  });
  return mine.result;
#endif
}

/// Of the sum of all 32 lanes' values each gets the same bits: the order of additions is fixed.
__device__ __forceinline__ float warp_sum(float value, Where where = Where::here()) {
  for (unsigned bits = 16; bits > 0; bits /= 2) value += shfl_xor(value, bits, all_lanes, where);
  return value;
}
__device__ __forceinline__ float warp_max(float value, Where where = Where::here()) {
  for (unsigned bits = 16; bits > 0; bits /= 2) value = fmaxf(value, shfl_xor(value, bits, all_lanes, where));
  return value;
}

}  // namespace gpubench::ptx
