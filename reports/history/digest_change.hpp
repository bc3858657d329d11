#pragma once

#include <string>

namespace gpubench {

/// What differs between two texts of digest_text(): `usable cpus 2 → usable cpus 1`; `another digest` where the texts
/// do not tell.
std::string digest_change(const std::string& before, const std::string& now);

}  // namespace gpubench
