#pragma once

#include <nlohmann/json.hpp>

#include "harness/run.hpp"

namespace gpubench {

// Structs are the model; JSON only at the edge. Keys keep their order; numbers are finite or null (strict JSON).
// from_json throws UsageError naming the key when something is missing or has another type.

using Json = nlohmann::ordered_json;

Json to_json(const CaseResult& row);  ///< one row: Google Benchmark's keys, and ours under "gpubench"
CaseResult row_from_json(const Json& json);
Json to_json(const DeviceInfo& device);
DeviceInfo device_from_json(const Json& json);
Json to_json(const Context& context);  ///< Google Benchmark's context keys, and ours under "gpubench"
Context context_from_json(const Json& json);
Json to_json(const Run& run);  ///< {"context": ..., "benchmarks": [...]}
Run run_from_json(const Json& json);

}  // namespace gpubench
