#pragma once

#include "harness/devices/cpu/pages.hpp"
#include "kernels/training/layers.hpp"

namespace gpubench::training::onednn {

/// Pages straight from the system: nobody has touched them, and large ones are asked for.
class HostMemory : public Memory {
 public:
  explicit HostMemory(std::size_t bytes)
      : pages_(cpu::fresh_pages(bytes, cpu::PageSize::large)) {}  ///< @throws OutOfMemory

  std::byte* data() override { return pages_.get(); }

 private:
  cpu::Pages pages_;
};

}  // namespace gpubench::training::onednn
