#pragma once

#include <optional>
#include <string>

#include "kernels/training/network.hpp"

namespace gpubench::training::onednn {

/// Why this CPU, or its oneDNN, cannot train this network; none if it can. Found out by describing small primitives,
/// not from lists of processors. Takes no memory, a few milliseconds.
std::optional<std::string> why_not(const Network& network);

}  // namespace gpubench::training::onednn
