#include "harness/devices/cpu/pages.hpp"

#include <sys/mman.h>

#include "harness/core/error.hpp"
#include "harness/core/format.hpp"

namespace gpubench::cpu {

void Unmap::operator()(std::byte* pages) const noexcept { munmap(pages, bytes); }

Pages fresh_pages(std::size_t bytes, PageSize size) {
  if (bytes == 0) return {nullptr, Unmap{}};
  void* pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw OutOfMemory("no " + text_of_bytes(static_cast<double>(bytes)) + " of host memory");
  // Only advice: kernels without large pages refuse it, and some give them to everybody.
  (void)madvise(pages, bytes, size == PageSize::large ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
  return {static_cast<std::byte*>(pages), Unmap{bytes}};
}

void forget(std::byte* pages, std::size_t bytes) {
  if (madvise(pages, bytes, MADV_DONTNEED) != 0) throw Error("the system does not take pages back");
}

}  // namespace gpubench::cpu
