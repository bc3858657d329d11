#include "kernels/training/onednn/host_memory.hpp"

#include <sys/mman.h>

#include "harness/core/error.hpp"
#include "harness/core/format.hpp"

namespace gpubench::training::onednn {

HostMemory::HostMemory(std::size_t bytes) : bytes_(bytes) {
  if (bytes == 0) return;
  void* pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw OutOfMemory("no " + text_of_bytes(static_cast<double>(bytes)) + " of host memory");
  (void)madvise(pages, bytes, MADV_HUGEPAGE);  // only faster: kernels without large pages refuse it
  data_ = static_cast<std::byte*>(pages);
}

HostMemory::~HostMemory() {
  if (data_) munmap(data_, bytes_);
}

}  // namespace gpubench::training::onednn
