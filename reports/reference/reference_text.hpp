#pragma once

#include <string>
#include <vector>

#include "reports/reference/reference.hpp"

namespace gpubench {

/// A line for each: id, name, how many figures.
std::string reference_list_text(const std::vector<Reference>& all);

/// All that is known: datasheet, facts, published figures with their sources, claims with what is doubtful.
std::string reference_text(const Reference& reference, std::size_t width);

}  // namespace gpubench
