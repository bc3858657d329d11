#pragma once

#include <cstdint>

#include "harness/devices/cuda/emulator/block.hpp"

namespace gpubench::emulator {

/// The arguments of the threads that met, by lane (or thread of the warpgroup).
template <class Argument>
class Arguments {
 public:
  explicit Arguments(const Meeting& meeting) : meeting_(&meeting) {}
  bool has(unsigned lane) const { return meeting_->arguments[lane] != nullptr; }
  Argument& operator[](unsigned lane) const { return *static_cast<Argument*>(meeting_->arguments[lane]); }

 private:
  const Meeting* meeting_;
};

/// The meeting of the running thread's warp for these lanes, or of its warpgroup, with this thread in it.
/// @param aligned the instruction is one of those that a whole warp executes from one place
/// @throws Fault where lanes of one mask execute different instructions
Meeting& arrive_in_warp(const char* instruction, const Where& where, std::uint32_t mask, void* argument, bool aligned);
Meeting& arrive_in_warpgroup(const char* instruction, const Where& where, void* argument);

void wait_in(Meeting& meeting);
void dissolve(Meeting& meeting);

/// All lanes of `mask` execute `instruction` together: the last one does `work(arguments)`, which reads what the others
/// brought and writes their results.
template <class Argument, class Work>
void with_warp(const char* instruction,
               const Where& where,
               std::uint32_t mask,
               Argument& argument,
               const Work& work,
               bool aligned = false) {
  Meeting& meeting = arrive_in_warp(instruction, where, mask, &argument, aligned);
  if (meeting.arrived < meeting.expected) return wait_in(meeting);
  work(Arguments<Argument>(meeting));
  dissolve(meeting);
}

/// The same for the 128 threads of a warpgroup.
template <class Argument, class Work>
void with_warpgroup(const char* instruction, const Where& where, Argument& argument, const Work& work) {
  Meeting& meeting = arrive_in_warpgroup(instruction, where, &argument);
  if (meeting.arrived < meeting.expected) return wait_in(meeting);
  work(Arguments<Argument>(meeting));
  dissolve(meeting);
}

/// bar.sync: waits until `threads` threads of the block have come to barrier `id`; 0: all that have not returned.
void block_barrier(const char* instruction, const Where& where, unsigned id, unsigned threads);
/// bar.arrive: is counted, and goes on.
void arrive_at_block_barrier(const Where& where, unsigned id, unsigned threads);
/// A thread has returned: those that wait for all threads wait for one less.
void leave_block_barriers(Block& block);

}  // namespace gpubench::emulator
