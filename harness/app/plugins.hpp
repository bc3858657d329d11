#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/backend.hpp"

namespace gpubench {

/// The devices of some back-ends, for each back-end without one the reason, and what is known of this machine's GPUs.
struct Devices {
  std::vector<std::unique_ptr<Device>> devices{};
  std::vector<std::string> absent{};  ///< `cuda13: no NVIDIA driver (libcuda.so.1 not found)`
  std::optional<GpuNode> gpus{};      ///< of the back-end that has devices, else of the first that tells
  Backend* gpus_from = nullptr;       ///< that one; never unloaded
};

/// `cuda13` and `cuda12` are both of family `cuda`: the devices' kind.
std::string_view family_of(std::string_view backend);

/// Loads libgpubench_<name>.so and asks for its devices. Of a family the first that has devices is taken, the rest is
/// left alone. @param wanted as --device has it: `cpu` or `cuda:1` rule out other families, `auto` takes the first
/// family that has devices. Only a worker may call this; what is loaded is never unloaded.
Devices find_devices(const std::vector<std::string>& backends, std::string_view wanted);

/// Reads again what idle GPUs do not show. A back-end that fails at it leaves what was known before.
void read_under_load(Devices& found);

}  // namespace gpubench
