#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/device.hpp"
#include "harness/gpu_node.hpp"

namespace gpubench {

/// What one back-end found on this machine.
struct Found {
  std::vector<std::unique_ptr<Device>> devices{};
  std::string why_none{};         ///< one sentence, with what to do; empty when there are devices
  std::optional<GpuNode> gpus{};  ///< what the driver says; none from a back-end that is not for GPUs
};

/// A back-end is a shared object libgpubench_<name>.so beside the program with two C symbols:
///   const char* gpubench_abi();              compared with gpubench::abi before anything else is called
///   gpubench::Backend* gpubench_backend();   owned by the object, which is never unloaded
class Backend {
 public:
  virtual ~Backend() = default;
  /// Never throws for an absent or unusable device: that is `why_none`.
  virtual Found find_devices() = 0;
  /// Reads again what an idle GPU does not show, while each of them is kept busy for a moment.
  virtual void read_under_load(GpuNode& gpus) { (void)gpus; }
};

}  // namespace gpubench
