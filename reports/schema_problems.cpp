#include "reports/schema_problems.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "reports/validate.hpp"

namespace gpubench {
namespace {

using Unordered = nlohmann::json;  // the only kind that valijson's adapter reads
using Adapter = valijson::adapters::NlohmannJsonAdapter;

/// valijson's `<root>`, `[benchmarks]`, `[3]` as a JSON pointer.
std::string place_of(const std::vector<std::string>& context) {
  std::string place;
  for (const std::string& step : context)
    if (step.starts_with('[')) place += "/" + step.substr(1, step.size() - 2);
  return place;
}

/// `, found "fine"`; nothing for what would fill the screen.
std::string found_text(const Unordered& json, const std::string& place) {
  const Unordered::json_pointer pointer(place);
  if (!json.contains(pointer) || json.at(pointer).is_structured()) return {};
  return ", found " + json.at(pointer).dump(-1, ' ', false, Unordered::error_handler_t::replace);
}

/// A fault deep inside is also a fault of everything around it; that much is known.
bool only_says_that_a_part_is_wrong(const std::string& description) {
  return description.starts_with("Failed to validate") && description.find("additional") == std::string::npos;
}

std::string without_full_stop(std::string text) {
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace

std::vector<std::string> schema_problems(const Json& json) { return schema_problems(json, run_schema()); }

std::vector<std::string> schema_problems(const Json& json, const std::string& schema_text) {
  const Unordered text = Unordered::parse(schema_text);
  valijson::Schema schema;
  valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(Adapter(text), schema);
  const Unordered target = json;
  valijson::ValidationResults results;
  valijson::Validator validator;
  if (validator.validate(schema, Adapter(target), &results)) return {};
  std::vector<std::string> problems;
  for (const auto& error : results) {
    if (only_says_that_a_part_is_wrong(error.description)) continue;
    const std::string place = place_of(error.context);
    std::string problem = fmt::format(
        "{}: {}{}", place.empty() ? "/" : place, without_full_stop(error.description), found_text(target, place));
    if (std::ranges::find(problems, problem) == problems.end()) problems.push_back(std::move(problem));
  }
  if (problems.empty()) problems.emplace_back("/: does not follow the schema");
  return problems;
}

}  // namespace gpubench
