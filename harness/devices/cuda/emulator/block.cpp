#include "harness/devices/cuda/emulator/block.hpp"

#include <stdexcept>

#include "harness/devices/cuda/emulator/grid.hpp"

namespace gpubench::emulator {

Thread& current() {
  if (running_thread == nullptr) throw std::logic_error("a device function was called outside of a kernel");
  return *running_thread;
}

void wait_for(const std::uint64_t& generation,
              const char* instruction,
              const Where& where,
              std::function<std::string()> state) {
  current().wait = {.generation = &generation,
                    .seen = generation,
                    .polling = false,
                    .instruction = instruction,
                    .where = where,
                    .state = std::move(state)};
  Fiber::suspend();
}

void poll(const char* instruction, const Where& where) {
  current().wait = {
      .generation = nullptr, .seen = 0, .polling = true, .instruction = instruction, .where = where, .state = {}};
  Fiber::suspend();
}

void maybe_yield() {
  if (current().block->grid->chance(64)) Fiber::suspend();
}

}  // namespace gpubench::emulator
