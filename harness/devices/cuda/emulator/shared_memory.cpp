#include "harness/devices/cuda/emulator/shared_memory.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <sys/mman.h>

namespace gpubench::emulator {
namespace {

constexpr std::size_t guard = 64 << 10;  // an index that is a little wrong hits it from either side
constexpr std::size_t page = 4096;
constexpr std::size_t alignment = 1024;  // what the widest swizzle needs

constexpr std::size_t rounded_up(std::size_t bytes, std::size_t to) { return (bytes + to - 1) / to * to; }

}  // namespace

// As far to the end as its alignment allows, so that the first access behind it is seen.
SharedMemory::SharedMemory(std::size_t bytes) : bytes_(bytes) {
  const std::size_t inner = rounded_up(std::max<std::size_t>(bytes, 1), page);
  mapped_ = inner + 2 * guard;
  void* mapping = mmap(nullptr, mapped_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) throw std::bad_alloc();
  mapping_ = static_cast<unsigned char*>(mapping);
  if (bytes > 0) mprotect(mapping_ + guard, inner, PROT_READ | PROT_WRITE);
  data_ = mapping_ + guard + inner - rounded_up(bytes, alignment);
}

SharedMemory::~SharedMemory() { munmap(mapping_, mapped_); }

void SharedMemory::fill_with_poison() {
  if (bytes_ > 0) std::memset(mapping_ + guard, poison, mapped_ - 2 * guard);
}

bool SharedMemory::end_is_intact() const {
  const unsigned char* end = data_ + rounded_up(bytes_, alignment);
  const unsigned char* behind = data_ + bytes_;
  return std::all_of(behind, end, [](unsigned char byte) { return byte == poison; });
}

bool SharedMemory::contains(const void* pointer, std::size_t bytes) const {
  const auto* first = static_cast<const unsigned char*>(pointer);
  return first >= data_ && first + bytes <= data_ + bytes_;
}

bool SharedMemory::is_near(const void* pointer) const { return pointer >= mapping_ && pointer < mapping_ + mapped_; }

}  // namespace gpubench::emulator
