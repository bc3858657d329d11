#pragma once

#include <optional>
#include <string>

#include "harness/core/precision.hpp"

namespace gpubench::training::onednn {

/// Why this CPU, or its oneDNN, cannot train in this mode; none if it can. Found out by describing small primitives,
/// not from lists of processors. Takes no memory, a few milliseconds.
std::optional<std::string> why_not(Mode mode);

}  // namespace gpubench::training::onednn
