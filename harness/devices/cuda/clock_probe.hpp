#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "harness/devices/cuda/stream.hpp"

namespace gpubench::cuda {

/// What a multiprocessor's counters said at one time. Zeros: nothing ran there.
struct alignas(16) ClockReading {
  std::uint64_t cycles = 0, nanoseconds = 0;
};

/// Enqueues one small block for each of `multiprocessors`, which leaves its reading at readings[its number].
/// @param readings `size` of them, in the device's memory; of numbers beyond there is none. Takes a few microseconds
void read_clocks(Stream stream, ClockReading* readings, int multiprocessors, int size);

/// The clock in hertz between two readings: the median over the multiprocessors that have both, counters of each with
/// its own (they do not begin together). None below a millisecond, where the timer's steps show.
std::optional<double> clock_between(std::span<const ClockReading> before, std::span<const ClockReading> after);

}  // namespace gpubench::cuda
