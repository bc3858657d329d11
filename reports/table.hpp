#pragma once

#include <string>

#include "harness/run.hpp"

namespace gpubench {

/// What a person reads after a run: the heading, a table for each group of rows, remarks, and the coverage line with
/// `file`. UTF-8, no colour, no trailing blanks.
/// @param explain training steps are broken down by layer kind and pass
std::string text_of(const Run& run, double run_seconds, const std::string& file, bool explain = false);

/// `gpubench 0.1.0 · Intel Xeon, 2 cores, AMX · oneDNN 2.6.3 · synthetic data, seed 1`, or
/// `gpubench 0.1.0 · 8 x NVIDIA H100 80GB HBM3, driver 580.65.06 · CUDA 13.0 · cuDNN 9.19.0 · synthetic data, seed 1`
std::string heading(const Context& context);

}  // namespace gpubench
