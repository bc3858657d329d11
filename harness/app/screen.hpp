#pragma once

#include <cstddef>

namespace gpubench {

/// Columns of the terminal that standard output is; 120 where it is none.
std::size_t screen_width();

}  // namespace gpubench
