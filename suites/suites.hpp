#pragma once

#include <span>

#include "harness/suite.hpp"

namespace gpubench {

/// Every suite, in the order `gpubench list` prints them.
std::span<const Suite> all_suites();

}  // namespace gpubench
