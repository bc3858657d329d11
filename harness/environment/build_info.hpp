#pragma once

#include "harness/run.hpp"

namespace gpubench {

/// How this program was built: filled in by CMake, the commit at each build.
Build build_info();

}  // namespace gpubench
