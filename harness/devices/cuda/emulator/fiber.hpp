#pragma once

#include <cstddef>

namespace gpubench::emulator {

/// A function on a stack of its own that can stop in the middle and go on later: one thread of a kernel. Switching
/// takes no system call, because a kernel of a few blocks switches millions of times.
///
/// Behind the end of the stack nothing may be touched. A fiber stays on the thread that made it.
class Fiber {
 public:
  /// Takes the memory of the stack. @throws std::bad_alloc
  explicit Fiber(std::size_t stack_bytes = default_stack_bytes);
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;
  ~Fiber();

  /// The next resume() begins `body(argument)`. What ran before is given up where it stands: nothing is unwound.
  /// `body` must not throw.
  void start(void (*body)(void*), void* argument);

  /// Runs until the fiber suspends or its body returns. @pre started, and not finished; called from no fiber
  void resume();

  /// Back to whom called resume(). @pre called from within a fiber
  static void suspend();

  bool finished() const { return finished_; }

  /// Whether an address lies closely below the stack: the stack has overflowed.
  bool overflowed_at(const void* address) const;

  /// Leaves the fiber that runs for good, as suspend() does for a time; for handlers of signals. @pre as for suspend()
  [[noreturn]] static void abandon();

  static constexpr std::size_t default_stack_bytes = 256 << 10;

 private:
  friend struct FiberSwitch;
  void* jump_[5] = {};  // what __builtin_setjmp keeps
  char* memory_ = nullptr;
  std::size_t stack_bytes_ = 0;
  void* shadow_ = nullptr;  // AddressSanitizer's
  void (*body_)(void*) = nullptr;
  void* argument_ = nullptr;
  bool begun_ = false, finished_ = true;
};

}  // namespace gpubench::emulator
