#pragma once

#include <filesystem>

#include "harness/run.hpp"

namespace gpubench {

/// The machine as the kernel describes it, in a few milliseconds; what cannot be read stays empty or 0, and nothing is
/// thrown. @param root where `proc`, `sys` and `etc` are
Host capture_host(const std::filesystem::path& root = "/");

}  // namespace gpubench
