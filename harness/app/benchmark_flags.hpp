#pragma once

#include <string>
#include <vector>

namespace gpubench {

/// Google Benchmark's flags in ours: --benchmark_filter=R is --case R, and so on; the others stay as they are.
/// @throws UsageError for a flag that cannot hold here, saying why
std::vector<std::string> without_benchmark_flags(const std::vector<std::string>& arguments);

}  // namespace gpubench
