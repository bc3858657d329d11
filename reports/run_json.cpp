#include <map>
#include <utility>

#include "harness/core/error.hpp"
#include "reports/json.hpp"
#include "reports/object_reader.hpp"

namespace gpubench {

Json to_json(const Run& run) {
  Json json;
  json["context"] = to_json(run.context);
  json["context"]["gpubench"]["complete"] = run.complete;
  json["benchmarks"] = Json::array();
  std::map<std::string, std::size_t> families;  // one case, whatever the launch, is one family of Google Benchmark
  for (const CaseResult& row : run.results) {
    Json one = to_json(row);
    one["family_index"] = families.try_emplace(row.name, families.size()).first->second;
    json["benchmarks"].push_back(std::move(one));
  }
  return json;
}

Run run_from_json(const Json& json) {
  if (!json.is_object() || !json.contains("context") || !json["context"].is_object())
    throw UsageError("no context.gpubench: not a gpubench run file; gpubench import reads other tools' files");
  Run run{.context = context_from_json(json["context"], "/context")};
  const ObjectReader reader(json, "");
  run.complete = reader.object("context").object("gpubench").flag("complete");
  for (const ObjectReader& row : reader.objects("benchmarks"))
    run.results.push_back(row_from_json(row.json(), row.place()));
  return run;
}

}  // namespace gpubench
