#pragma once

#include <cstdint>

namespace gpubench::emulator {

inline constexpr unsigned multiprocessors = 4;

/// The time of the emulated device, which stands still unless somebody moves it. One device, one thread.
struct Clock {
  double seconds = 1;  // of a device that has run for a while: a reading of 0 is none
  double sm_hertz = 1e9;
  double cycles = 0;

  void pass(double more) {
    seconds += more;
    cycles += more * sm_hertz;
  }
};
inline Clock device_clock;

inline std::uint64_t sm_cycles() { return static_cast<std::uint64_t>(device_clock.cycles); }
inline std::uint64_t global_nanoseconds() { return static_cast<std::uint64_t>(device_clock.seconds * 1e9); }

}  // namespace gpubench::emulator
