#pragma once

#include "reports/compare/comparison.hpp"
#include "reports/json.hpp"

namespace gpubench {

/// The comparison for programs: reports/schema/compare.v1.json describes it.
Json to_json(const Comparison& comparison);

/// That schema's own text.
const char* compare_schema();

}  // namespace gpubench
