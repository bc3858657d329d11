#include "harness/devices/cuda/emulator/global_memory.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>
#include <sys/mman.h>
#include <vector>

#include <fmt/format.h>

#include "harness/devices/cuda/emulator/shared_memory.hpp"

namespace gpubench::emulator {
namespace {

constexpr std::size_t guard = 64 << 10, page = 4096, alignment = 16;

constexpr std::size_t rounded_up(std::size_t bytes, std::size_t to) { return (bytes + to - 1) / to * to; }

std::vector<const GlobalBuffer*>& buffers() {
  static std::vector<const GlobalBuffer*> all;
  return all;
}

std::uintptr_t number(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }

/// How far an address lies from a buffer; 0 within it.
std::uintptr_t distance(const GlobalBuffer& buffer, const void* pointer) {
  const std::uintptr_t first = number(buffer.data()), end = first + buffer.bytes(), at = number(pointer);
  return at < first ? first - at : at >= end ? at - end + 1 : 0;
}

const GlobalBuffer* nearest(const void* pointer) {
  const auto closer = [&](const GlobalBuffer* a, const GlobalBuffer* b) {
    return distance(*a, pointer) < distance(*b, pointer);
  };
  const auto found = std::min_element(buffers().begin(), buffers().end(), closer);
  return found == buffers().end() ? nullptr : *found;
}

}  // namespace

GlobalBuffer::GlobalBuffer(std::string name, std::size_t bytes) : name_(std::move(name)), bytes_(bytes) {
  const std::size_t inner = rounded_up(std::max<std::size_t>(bytes, 1), page);
  mapped_ = inner + 2 * guard;
  void* mapping = mmap(nullptr, mapped_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) throw std::bad_alloc();
  mapping_ = static_cast<unsigned char*>(mapping);
  mprotect(mapping_ + guard, inner, PROT_READ | PROT_WRITE);
  data_ = mapping_ + guard + inner - rounded_up(bytes, alignment);
  fill_with_poison();
  buffers().push_back(this);
}

GlobalBuffer::~GlobalBuffer() {
  std::erase(buffers(), this);
  munmap(mapping_, mapped_);
}

// The whole of its pages: what lies before it is not to be used either.
void GlobalBuffer::fill_with_poison() { std::memset(mapping_ + guard, poison, mapped_ - 2 * guard); }

void GlobalBuffer::forbid_writing() {
  input_ = true;
  mprotect(mapping_ + guard, mapped_ - 2 * guard, PROT_READ);
}

bool GlobalBuffer::surroundings_are_intact() const {
  const unsigned char* end = data_ + rounded_up(bytes_, alignment);
  const unsigned char* behind = data_ + bytes_;
  const auto is_poison = [](unsigned char byte) { return byte == poison; };
  return std::all_of<const unsigned char*>(mapping_ + guard, data_, is_poison) && std::all_of(behind, end, is_poison);
}

std::optional<std::string> why_not_accessible(const void* pointer, std::size_t bytes) {
  const auto* first = static_cast<const unsigned char*>(pointer);
  const GlobalBuffer* buffer = nearest(pointer);
  if (buffer != nullptr) {
    const auto* begin = static_cast<const unsigned char*>(buffer->data());
    if (first >= begin && first + bytes <= begin + buffer->bytes()) return std::nullopt;
  }
  return fmt::format("{} bytes at {}", bytes, place_of(pointer));
}

std::string place_of(const void* pointer) {
  const std::string address = fmt::format("0x{:x}", number(pointer));
  const GlobalBuffer* buffer = nearest(pointer);
  if (buffer == nullptr || distance(*buffer, pointer) > (1 << 20)) return address;
  const std::uintptr_t first = number(buffer->data()), end = first + buffer->bytes(), at = number(pointer);
  const std::string whose =
      fmt::format("'{}' ({} bytes{})", buffer->name(), buffer->bytes(), buffer->is_input() ? ", an input" : "");
  if (at < first) return fmt::format("{}, {} bytes before the beginning of {}", address, first - at, whose);
  if (at >= end) return fmt::format("{}, {} bytes behind the end of {}", address, at - end, whose);
  return fmt::format("{}, byte {} of {}", address, at - first, whose);
}

std::optional<std::string> overrun_buffer() {
  for (const GlobalBuffer* buffer : buffers())
    if (!buffer->surroundings_are_intact()) return buffer->name();
  return std::nullopt;
}

}  // namespace gpubench::emulator
