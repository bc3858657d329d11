#include "harness/devices/cuda/emulator/memory_fault.hpp"

#include <stdexcept>
#include <ucontext.h>
#include <vector>

#include <fmt/format.h>

#include "harness/devices/cuda/emulator/global_memory.hpp"
#include "harness/devices/cuda/emulator/grid.hpp"
#include "harness/devices/cuda/emulator/report.hpp"

namespace gpubench::emulator {
namespace {

bool stopped = false;
const void* touched = nullptr;
const char* access_kind = "access";

/// `read`, `write`, or `access` where the processor does not tell.
const char* kind_of([[maybe_unused]] const void* context) {
#if defined(__x86_64__)
  constexpr greg_t written = 2;  // of the error code of a page fault
  return (static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_ERR] & written) != 0 ? "write" : "read";
#else
  return "access";
#endif
}

void on_fault(int signal, siginfo_t* info, void* context) {
  if (running_thread == nullptr) {  // not a kernel's: as if there were no handler
    ::signal(signal, SIG_DFL);
    return;
  }
  stopped = true;
  touched = info->si_addr;
  access_kind = kind_of(context);
  Fiber::abandon();
}

std::string where(const void* address) {
  if (running_thread->fiber.overflowed_at(address))
    return fmt::format("its stack of {} KiB has overflowed", Fiber::default_stack_bytes >> 10);
  for (const Block* block : running_thread->block->cluster) {
    if (!block->shared.is_near(address)) continue;
    const auto offset = static_cast<const unsigned char*>(address) - block->shared.data();
    return fmt::format("{} of shared memory at offset {}; {} has {} bytes",
                       access_kind,
                       offset,
                       block_name(block->index),
                       block->shared.bytes());
  }
  // A misaligned vector access is answered without an address.
  if (address == nullptr) return fmt::format("{} of a null pointer, or misaligned", access_kind);
  return fmt::format("{} of global memory at {}", access_kind, place_of(address));
}

}  // namespace

MemoryFaults::MemoryFaults() {
  static std::vector<char> stack(64 << 10);  // the kernel's own may be what has overflowed
  const stack_t own{.ss_sp = stack.data(), .ss_flags = 0, .ss_size = stack.size()};
  sigaltstack(&own, &stack_before_);
  struct sigaction action {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;  // the handler does not return, so nothing would unblock it
  sigaction(SIGSEGV, &action, &segv_before_);
  sigaction(SIGBUS, &action, &bus_before_);
}

MemoryFaults::~MemoryFaults() {
  running_thread = nullptr;
  sigaction(SIGSEGV, &segv_before_, nullptr);
  sigaction(SIGBUS, &bus_before_, nullptr);
  sigaltstack(&stack_before_, nullptr);
}

void MemoryFaults::enter(Thread& thread) {
  running_thread = &thread;
  stopped = false;
}

std::optional<std::string> MemoryFaults::leave() {
  std::optional<std::string> fault;
  if (stopped)
    fault = fmt::format("{}: {}{}",
                        position_of(*running_thread),
                        where(touched),
                        how_to_repeat(running_thread->block->grid->schedule()));
  running_thread = nullptr;
  return fault;
}

}  // namespace gpubench::emulator
