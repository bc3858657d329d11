#pragma once

#include <map>
#include <string>
#include <string_view>

namespace gpubench {

/// Whether a variable may stand in a run file: one that changes how the libraries compute, by an allow-list, and whose
/// name does not look like a secret's. Everything else of a user's environment is nobody's business.
bool may_be_written(std::string_view variable);

/// The variables of this process that are set and may be written.
std::map<std::string, std::string> environment_variables();

}  // namespace gpubench
