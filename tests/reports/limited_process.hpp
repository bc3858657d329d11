#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace gpubench {

/// Runs `what` in a child process whose files may not grow beyond `file_bytes` (`ulimit -f`): a full disk that every
/// machine has. @returns what it returned, or how the child ended
std::string in_process_limited_to(std::uint64_t file_bytes, const std::function<std::string()>& what);

}  // namespace gpubench
