#include "harness/devices/cuda/emulator/async_copy.hpp"

#include <cstring>

#include <fmt/format.h>

#include "harness/devices/cuda/emulator/global_memory.hpp"
#include "harness/devices/cuda/emulator/shared_access.hpp"

namespace gpubench::emulator {

void issue_copy(const Where& where, std::uint32_t to, const void* from, unsigned bytes, unsigned valid) {
  constexpr const char* instruction = "cp.async";
  maybe_yield();
  unsigned char* destination = shared_pointer(instruction, where, to, bytes, bytes);
  if (valid > bytes) fail(instruction, where, fmt::format("{} of {} bytes", valid, bytes));
  if (reinterpret_cast<std::uintptr_t>(from) % bytes != 0)
    fail(instruction, where, fmt::format("the source is not a multiple of {}: {}", bytes, place_of(from)));
  if (valid > 0)
    if (const auto reason = why_not_accessible(from, valid)) fail(instruction, where, *reason);
  std::memset(destination, poison, bytes);
  current().copies.groups.back().push_back({destination, from, bytes, valid});
}

void commit_copies() { current().copies.groups.emplace_back(); }

void wait_for_copies(unsigned groups) {
  maybe_yield();
  auto& waiting = current().copies.groups;
  while (waiting.size() > groups + 1) {
    for (const CopyGroups::Copy& copy : waiting.front()) {
      if (copy.valid > 0) std::memcpy(copy.to, copy.from, copy.valid);
      std::memset(copy.to + copy.valid, 0, copy.bytes - copy.valid);
    }
    waiting.pop_front();
  }
}

}  // namespace gpubench::emulator
