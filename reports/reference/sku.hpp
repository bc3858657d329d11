#pragma once

#include <string>

#include "reports/reference/reference.hpp"

namespace gpubench {

/// Which reference a device is, told from its name and memory.
struct SkuMatch {
  const Reference* reference = nullptr;  ///< null: none, or several that cannot be told apart
  bool sure = false;
  std::string remark{};  ///< why it is not sure, or why there is none; empty when sure
};

/// @param device_name as the driver gives it: `NVIDIA A100-SXM4-80GB`
/// @param memory_bytes 0 where it is not known
SkuMatch match_sku(const std::string& device_name, double memory_bytes, const std::vector<Reference>& among);

}  // namespace gpubench
