#include "harness/devices/cuda/emulator/fiber.hpp"

#include <new>
#include <sys/mman.h>
#include <ucontext.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#define GPUBENCH_NO_ASAN __attribute__((no_sanitize("address")))
#else
#define GPUBENCH_NO_ASAN
#endif

namespace gpubench::emulator {
namespace {

Fiber* running = nullptr;
void* scheduler_jump[5];
// AddressSanitizer's, of the stack that calls resume()
[[maybe_unused]] void* scheduler_shadow = nullptr;
[[maybe_unused]] const void* scheduler_stack = nullptr;
[[maybe_unused]] std::size_t scheduler_stack_bytes = 0;

constexpr std::size_t guard = 64 << 10;  // no frame of a kernel steps over it

}  // namespace

// AddressSanitizer has to know on which stack it is: it is told before and after each switch.
struct FiberSwitch {
#if defined(__SANITIZE_ADDRESS__)
  static void leaving_scheduler(const Fiber& to) {
    __sanitizer_start_switch_fiber(&scheduler_shadow, to.memory_ + guard, to.stack_bytes_);
  }
  static void back_in_scheduler() { __sanitizer_finish_switch_fiber(scheduler_shadow, nullptr, nullptr); }
  static void leaving_fiber(Fiber& from, bool for_good) {
    __sanitizer_start_switch_fiber(for_good ? nullptr : &from.shadow_, scheduler_stack, scheduler_stack_bytes);
  }
  /// Frames that were given up have left marks around their variables.
  static void forget_frames(const Fiber& fiber) {
    ASAN_UNPOISON_MEMORY_REGION(fiber.memory_ + guard, fiber.stack_bytes_);
  }
  static void back_in_fiber(void* shadow) {
    __sanitizer_finish_switch_fiber(shadow, &scheduler_stack, &scheduler_stack_bytes);
  }
#else
  static void forget_frames(const Fiber&) {}
  static void leaving_scheduler(const Fiber&) {}
  static void back_in_scheduler() {}
  static void leaving_fiber(Fiber&, bool) {}
  static void back_in_fiber(void*) {}
#endif

  // A stack that has run to its end waits there for the next body: to begin on a new one takes system calls.
  [[noreturn]] static void run() {
    Fiber& self = *running;
    back_in_fiber(nullptr);
    for (;;) {
      self.body_(self.argument_);
      self.finished_ = true;
      Fiber::suspend();
    }
  }

  // The compiler's own setjmp and longjmp: the library's save the signal mask or tell AddressSanitizer to forget the
  // frames that are left, which are still needed here.
  [[noreturn]] GPUBENCH_NO_ASAN static void to_scheduler() { __builtin_longjmp(scheduler_jump, 1); }
  [[noreturn]] GPUBENCH_NO_ASAN static void to_fiber(Fiber& fiber) { __builtin_longjmp(fiber.jump_, 1); }

  [[noreturn]] static void begin(const Fiber& fiber) {
    ucontext_t context;
    getcontext(&context);
    context.uc_stack = {.ss_sp = fiber.memory_ + guard, .ss_flags = 0, .ss_size = fiber.stack_bytes_};
    context.uc_link = nullptr;
    makecontext(&context, run, 0);
    setcontext(&context);
    __builtin_unreachable();
  }

  __attribute__((noinline)) GPUBENCH_NO_ASAN static void enter(Fiber& fiber) {
    if (__builtin_setjmp(scheduler_jump) != 0) return;
    if (fiber.begun_) to_fiber(fiber);
    fiber.begun_ = true;
    begin(fiber);
  }

  __attribute__((noinline)) GPUBENCH_NO_ASAN static void leave(Fiber& fiber) {
    if (__builtin_setjmp(fiber.jump_) == 0) to_scheduler();
  }
};

Fiber::Fiber(std::size_t stack_bytes) : stack_bytes_(stack_bytes) {
  void* memory = mmap(nullptr,
                      guard + stack_bytes,
                      PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK,
                      -1,
                      0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  memory_ = static_cast<char*>(memory);
  mprotect(memory_, guard, PROT_NONE);
}

Fiber::~Fiber() { munmap(memory_, guard + stack_bytes_); }

void Fiber::start(void (*body)(void*), void* argument) {
  if (begun_ && !finished_) {  // what it did before was given up
    FiberSwitch::forget_frames(*this);
    begun_ = false;
  }
  body_ = body;
  argument_ = argument;
  finished_ = false;
}

void Fiber::resume() {
  running = this;
  FiberSwitch::leaving_scheduler(*this);
  FiberSwitch::enter(*this);
  FiberSwitch::back_in_scheduler();
  running = nullptr;
}

void Fiber::suspend() {
  Fiber& self = *running;
  FiberSwitch::leaving_fiber(self, false);
  FiberSwitch::leave(self);
  FiberSwitch::back_in_fiber(self.shadow_);
}

void Fiber::abandon() {
  FiberSwitch::leaving_fiber(*running, true);
  FiberSwitch::to_scheduler();
}

bool Fiber::overflowed_at(const void* address) const { return address >= memory_ && address < memory_ + guard; }

}  // namespace gpubench::emulator
