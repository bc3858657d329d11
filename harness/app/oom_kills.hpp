#pragma once

#include <optional>
#include <string_view>

namespace gpubench {

/// How often the kernel has killed something for memory so far: in our memory group where that can be read, else on the
/// whole machine; none where neither can. Only a difference between two readings says something.
std::optional<long> oom_kills();

/// The count in a memory.events, memory.oom_control or vmstat file: its line `oom_kill N`.
std::optional<long> oom_kills_in(std::string_view text);

}  // namespace gpubench
