#pragma once

#include "kernels/training/layers.hpp"

namespace gpubench::training::onednn {

/// Pages straight from the system: nobody has touched them, and large ones are asked for.
class HostMemory : public Memory {
 public:
  explicit HostMemory(std::size_t bytes);  ///< @throws OutOfMemory
  ~HostMemory() override;
  HostMemory(const HostMemory&) = delete;
  HostMemory& operator=(const HostMemory&) = delete;

  std::byte* data() override { return data_; }

 private:
  std::size_t bytes_ = 0;
  std::byte* data_ = nullptr;
};

}  // namespace gpubench::training::onednn
