#pragma once

#include <stdexcept>
#include <string>

#include "harness/core/where.hpp"

namespace gpubench::emulator {

/// A kernel did what a GPU would answer with a fault, a hang or wrong numbers. The text names the kernel, the block,
/// the thread, the instruction and where it stands in the source, the address, and the schedule that shows it again.
class Fault : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Ends the launch with what the running thread did wrong. @pre called from within a kernel
[[noreturn]] void fail(const char* instruction, const Where& where, const std::string& what);

}  // namespace gpubench::emulator
