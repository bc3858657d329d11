#pragma once

#include <optional>
#include <signal.h>
#include <string>

#include "harness/devices/cuda/emulator/block.hpp"

namespace gpubench::emulator {

/// While it lives, an access of a kernel to memory that it may not touch ends that thread and not the process.
class MemoryFaults {
 public:
  MemoryFaults();
  MemoryFaults(const MemoryFaults&) = delete;
  MemoryFaults& operator=(const MemoryFaults&) = delete;
  ~MemoryFaults();

  /// `thread` runs from now on.
  static void enter(Thread& thread);
  /// It runs no longer. @returns what it did wrong, if it was stopped for that
  static std::optional<std::string> leave();

 private:
  struct sigaction segv_before_ {};
  struct sigaction bus_before_ {};
  stack_t stack_before_{};
};

}  // namespace gpubench::emulator
