#pragma once

#include <string>
#include <vector>

#include "harness/app/cli.hpp"

namespace gpubench {

// The words of `gpubench history`, `check` and `fleet`. @throws UsageError with one sentence

Options parse_history(const std::vector<std::string>& arguments);
Options parse_check(const std::vector<std::string>& arguments);
Options parse_fleet(const std::vector<std::string>& arguments);

}  // namespace gpubench
