#include "kernels/training/onednn/host_memory.hpp"

#include <sys/mman.h>

#include "harness/core/error.hpp"
#include "harness/core/format.hpp"

namespace gpubench::training::onednn {

HostMemory::HostMemory(std::size_t bytes) {
  if (bytes == 0) return;
  void* pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw OutOfMemory("no " + text_of_bytes(static_cast<double>(bytes)) + " of host memory");
  (void)madvise(pages, bytes, MADV_HUGEPAGE);  // only faster: kernels without large pages refuse it
  pages_ = {static_cast<std::byte*>(pages), Unmap{bytes}};
}

void Unmap::operator()(std::byte* pages) const noexcept { munmap(pages, bytes); }

}  // namespace gpubench::training::onednn
