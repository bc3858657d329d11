#pragma once

#include "kernels/training/layers.hpp"

namespace gpubench::training::onednn {

/// Gives pages back to the system.
struct Unmap {
  std::size_t bytes = 0;
  void operator()(std::byte* pages) const noexcept;
};

/// Pages straight from the system: nobody has touched them, and large ones are asked for.
class HostMemory : public Memory {
 public:
  explicit HostMemory(std::size_t bytes);  ///< @throws OutOfMemory

  std::byte* data() override { return pages_.get(); }

 private:
  std::unique_ptr<std::byte, Unmap> pages_;
};

}  // namespace gpubench::training::onednn
