#pragma once

#include <optional>
#include <string>

namespace gpubench {

/// Why this process cannot work as one rank of several, in a sentence; none when it was started alone.
std::optional<std::string> problem_of_ranks();

}  // namespace gpubench
