#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/app/cli.hpp"

// NOLINTNEXTLINE(readability-identifier-naming): CLI11's own name
namespace CLI {
class App;
}

namespace gpubench {

/// Has `app` read the arguments; `--help` becomes Word::say. @throws UsageError with one sentence
void parse_words(CLI::App& app, Options& options, std::vector<std::string> arguments);

/// @throws UsageError unless it is finite and more than 0
void check_positive(std::string_view option, double value);

}  // namespace gpubench
