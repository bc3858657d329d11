#pragma once

#include <optional>
#include <string>

#include "kernels/conv/conv.hpp"

namespace gpubench {

/// Why oneDNN cannot do this convolution on the host CPU; none if it can. Found out by describing it.
std::optional<std::string> onednn_why_not(const Conv& conv);

}  // namespace gpubench
