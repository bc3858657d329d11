#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "harness/run.hpp"

namespace gpubench {

// Structs are the model; JSON only at the edge. Keys keep their order; numbers are finite or null (strict JSON).
// from_json throws UsageError when something is missing or has another type, naming it as a JSON pointer that begins
// with `place`.

using Json = nlohmann::ordered_json;

/// The version of the format that is written and read: `context.gpubench.schema`.
inline constexpr int schema_version = 1;

/// One row: Google Benchmark's keys, and ours under "gpubench". Of a row that is not `ok` no time is written. A number
/// that is not finite becomes null, and a label says so. @throws Error when a figure has the name of a fixed key
Json to_json(const CaseResult& row);
CaseResult row_from_json(const Json& json, const std::string& place = "");
Json to_json(const Library& library);
Library library_from_json(const Json& json, const std::string& place = "");
Json to_json(const DeviceInfo& device);
DeviceInfo device_from_json(const Json& json, const std::string& place = "");
Json to_json(const Host& host);
Host host_from_json(const Json& json, const std::string& place = "");
Json to_json(const std::optional<GpuNode>& node);  ///< null for none, and so is each fact that was not told
std::optional<GpuNode> gpu_node_from_json(const Json& json, const std::string& place = "");
Json to_json(const Context& context);  ///< Google Benchmark's context keys, and ours under "gpubench"
Context context_from_json(const Json& json, const std::string& place = "");
Json to_json(const Run& run);  ///< {"context": ..., "benchmarks": [...]}
Run run_from_json(const Json& json);

}  // namespace gpubench
