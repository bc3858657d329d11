#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/device.hpp"
#include "harness/gpu_node.hpp"
#include "reports/check.hpp"
#include "reports/json.hpp"

namespace gpubench {

/// The libraries of all devices, with version and path, and the back-ends that have no device.
/// @param absent `cuda13: no NVIDIA driver ...`, a sentence each
/// @param gpus of which gpu_software_checks tell: their libraries and why they cannot be used is not said again here
Checks library_checks(const std::vector<DeviceInfo>& devices,
                      const std::vector<std::string>& absent,
                      const std::optional<GpuNode>& gpus = std::nullopt);

/// What this machine has of a suite.
struct SuiteCases {
  std::string name{};
  int cases = 0;
  std::vector<std::string> why_not{};  ///< for each case that cannot run
  int runs() const { return cases - static_cast<int>(why_not.size()); }
};

/// That a suite has nothing to run on this kind of machine is no fault; that a library is missing, or that nothing runs
/// at all, is.
Checks suite_checks(const std::vector<SuiteCases>& suites, bool library_missing);

/// The worst of them.
CheckVerdict worst_of(const Checks& checks);

/// What doctor prints: a line for each check in its group, what to do beneath it where something is, and the verdict.
/// UTF-8, at most 110 characters a line unless one word is longer.
std::string doctor_text(const Checks& checks);

/// The same for programs; reports/schema/doctor.v1.json describes it.
Json doctor_json(const Checks& checks, const std::string& version);

}  // namespace gpubench
