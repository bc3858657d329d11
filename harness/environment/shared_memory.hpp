#pragma once

#include <filesystem>
#include <optional>

namespace gpubench {

/// What processes that work together on several GPUs share, bytes. A container is given little of it where nobody says
/// otherwise.
struct SharedMemory {
  std::optional<double> bytes{};   ///< of /dev/shm; none where it is no file system of its own
  std::optional<double> locked{};  ///< that this process may lock (ulimit -l); none: no limit, or it cannot be read
};

/// @param root where `proc` is
SharedMemory capture_shared_memory(const std::filesystem::path& root = "/");

}  // namespace gpubench
