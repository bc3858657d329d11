#pragma once

#include <string>
#include <vector>

#include "harness/app/protocol.hpp"
#include "harness/run.hpp"

namespace gpubench {

/// `2026-11-20T19:30:00Z`
std::string utc_now();

/// Under which circumstances a run starts now. @param devices the ids of those that it uses
Context circumstances(const Hello& hello,
                      const std::vector<std::string>& devices,
                      const std::vector<std::string>& command_line,
                      std::uint64_t seed);

/// What makes its numbers hard to compare, a sentence each.
std::vector<std::string> context_warnings(const Context& context);

}  // namespace gpubench
